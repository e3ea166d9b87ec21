/** What a signed index says, once its signature was found good: by gpgv, or by gpg where there is no gpgv. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { labProblem } from '../lab-problem.ts';
import { run } from '../run.ts';

export interface VerifyOptions {
  /** Where the index is from, for messages. */
  url: string;
  /** File with the keys of which one has to have signed it. */
  keyring: string;
  /** A folder to work in. */
  folder: string;
  signal: AbortSignal | undefined;
}

const BEGIN = '-----BEGIN PGP SIGNED MESSAGE-----';

/**
 * Returns the text that is signed, and nothing else of the file.
 * @param index A clear-signed file, as InRelease is.
 * @throws Problem where it isn't signed by one of the keys, or was changed since, or neither gpgv nor gpg is there.
 */
export async function verified(
  index: Buffer,
  { url, keyring, folder, signal }: VerifyOptions,
): Promise<string> {
  const refuse = (found: string) =>
    labProblem('VGB-LAB-PACKAGES', {
      message: `${url} can't be trusted`,
      expected: 'an index that Debian has signed',
      found,
      next: 'try another mirror: vgpubench lab up --mirror URL',
    });
  // One message and nothing before it: what else such a file may hold is not for us to tell apart.
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
  // The exit code tells less: it is not 0 where one of several signatures is by a key that we don't have.
  const told = [...all.matchAll(/^\[GNUPG:\] (\S+)/gm)].map(([, word]) => word);
  if (told.includes('BADSIG')) throw refuse('a text that was changed since it was signed');
  if (!told.includes('GOODSIG') || !told.includes('VALIDSIG'))
    throw refuse('a signature by none of its keys that hold');
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
    next: 'install the package that has it (gpgv on Debian, elsewhere gnupg or gnupg2), then: vgpubench lab up',
  });
}

async function isThere(program: string): Promise<boolean> {
  return (await execa(program, ['--version'], { reject: false })).exitCode === 0;
}
