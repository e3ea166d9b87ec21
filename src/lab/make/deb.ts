/** Unpacks a .deb without dpkg: an ar archive (deb(5)) whose data.tar.xz is what the package installs. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { labProblem } from '../lab-problem.ts';
import { run } from '../run.ts';

const MAGIC = '!<arch>\n';
const HEADER = 60;

/** The members of an ar archive, by their names; none for any other file. */
export function arMembers(archive: Buffer): Map<string, Buffer> {
  const members = new Map<string, Buffer>();
  if (archive.toString('latin1', 0, MAGIC.length) !== MAGIC) return members;
  for (let at = MAGIC.length; at + HEADER <= archive.length;) {
    const name = archive.toString('latin1', at, at + 16).replace(/\/?\s*$/, '');
    const size = Number(archive.toString('latin1', at + 48, at + 58).trim());
    if (!Number.isSafeInteger(size)) break;
    members.set(name, archive.subarray(at + HEADER, at + HEADER + size));
    // Members begin at even positions.
    at += HEADER + size + (size % 2);
  }
  return members;
}

/** @throws Problem if the file is not a package, or its content can't be unpacked into `folder`. */
export async function unpackDeb(
  file: string,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const members = arMembers(await readFile(file));
  const data = members.get('data.tar.xz');
  const refuse = (details: string[], found?: string) =>
    labProblem('VGB-LAB-PACKAGES', {
      message: `${basename(file)} can't be unpacked`,
      details,
      expected: 'a Debian package with data.tar.xz',
      found,
    });
  if (data === undefined) throw refuse([], [...members.keys()].join(', ') || 'no ar archive');
  const args = ['-x', '-J', '-f', '-', '--no-same-owner', '-C', folder];
  // On all cores, if the package has several blocks: the kernel's does.
  const { exitCode, all } = await run('tar', args, { input: data, env: { XZ_OPT: '-T0' }, signal });
  if (exitCode !== 0) throw refuse([all.slice(-600).trim()]);
}
