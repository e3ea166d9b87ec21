/** The content of a signed index, once gpgv (or gpg, if there is no gpgv) has verified the signature. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { labProblem } from '../lab-problem.ts';
import { run } from '../run.ts';

export interface VerifyOptions {
  /** The origin of the index, for messages. */
  url: string;
  /** File with the keys, one of which must have signed it. */
  keyring: string;
  /** A working folder. */
  folder: string;
  signal: AbortSignal | undefined;
}

const BEGIN = '-----BEGIN PGP SIGNED MESSAGE-----';

/**
 * Returns the signed text, and nothing else of the file.
 * @param index A clear-signed file, like InRelease.
 * @throws Problem if it isn't signed by one of the keys, was changed since, or neither gpgv nor gpg is
 * available.
 */
export async function verified(
  index: Buffer,
  { url, keyring, folder, signal }: VerifyOptions,
): Promise<string> {
  const refuse = (found: string) =>
    labProblem('VGB-LAB-PACKAGES', {
      message: `${url} can't be trusted`,
      expected: 'an index signed by Debian',
      found,
      next: 'try another mirror: vgpubench lab up --mirror URL',
    });
  // Exactly one message and nothing before it: anything else in such a file is not ours to interpret.
  if (!index.toString('latin1').startsWith(BEGIN) || index.lastIndexOf(BEGIN) > 0)
    throw refuse('no signed text, or more than one');
  const [file, text, home] = ['InRelease', 'Release', 'gnupg'].map((name) => join(folder, name));
  if (file === undefined || text === undefined || home === undefined) throw new Error('no paths');
  await rm(text, { force: true });
  await writeFile(file, index);
  await mkdir(home, { recursive: true, mode: 0o700 });
  const [program, ...own] = await verifier(home);
  const words = [...own, '--keyring', keyring, '--status-fd', '1', '--output', text];
  const { all } = await run(program, program === 'gpg' ? [...words, '--decrypt', file] : [...words, file], {
    signal,
  });
  // The exit code is less precise: it is not 0 if one of several signatures is by a key that we don't have.
  const told = [...all.matchAll(/^\[GNUPG:\] (\S+)/gm)].map(([, word]) => word);
  if (told.includes('BADSIG')) throw refuse('a text that was changed after it was signed');
  if (!told.includes('GOODSIG') || !told.includes('VALIDSIG'))
    throw refuse('no signature by a valid key of Debian’s');
  return readFile(text, 'utf8');
}

async function verifier(home: string): Promise<[string, ...string[]]> {
  if (await isThere('gpgv')) return ['gpgv'];
  if (await isThere('gpg'))
    return [
      'gpg',
      '--batch',
      '--no-options',
      '--homedir',
      home,
      '--no-default-keyring',
      '--trust-model',
      'always',
    ];
  throw labProblem('VGB-LAB-TOOLS', {
    message: 'the signature of the lab’s packages can’t be checked',
    expected: 'gpgv or gpg',
    found: 'neither',
    next: 'install gpgv (on Debian), gnupg or gnupg2 (elsewhere), then: vgpubench lab up',
  });
}

async function isThere(program: string): Promise<boolean> {
  return (await execa(program, ['--version'], { reject: false })).exitCode === 0;
}
