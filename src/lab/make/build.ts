/**
 * Compiles the lab's native sources; the result is stored under the digest of sources, compiler and
 * libraries.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { labProblem } from '../lab-problem.ts';
import { labPaths, type LabPaths } from '../paths.ts';
import { run } from '../run.ts';
import { type Report, step } from '../step.ts';
import { digestOf, filesBelow, keepOnly } from './digest.ts';
import { GUEST_COMPILER } from './toolbox.ts';
import { makeWhole } from './whole.ts';

/**
 * The newest gcc with which the sources compiled without warnings: a newer one's warnings must not prevent a
 * lab.
 */
const NEWEST_CLEAN_GCC = 14;

async function nativeDigest(paths: LabPaths): Promise<string> {
  const files = (await filesBelow(paths.sources)).filter((file) => /\.[ch]$|Makefile$/.test(file));
  const ask = async (compiler: string, ...args: string[]) =>
    (await execa(compiler, args, { reject: false, all: true })).all;
  const words = [
    await ask('gcc', '-v'),
    await ask(GUEST_COMPILER, '-v'),
    // The GPU is built for exactly this CPU.
    await ask('gcc', '-march=native', '-Q', '--help=target'),
    paths.unpacked,
    await readFile(join(paths.unpacked, 'manifest.json'), 'utf8'),
  ];
  return digestOf(paths.sources, files, words);
}

/** Where the programs of exactly these sources are once built. */
export async function nativeFolder(paths: LabPaths): Promise<string> {
  return join(paths.build, `native-${await nativeDigest(paths)}`);
}

/**
 * Returns the folder with the programs; requires that the packages are fetched (for libc's and Xen's headers
 * and libraries).
 */
export async function buildLab(report: Report, paths = labPaths(), signal?: AbortSignal): Promise<string> {
  const folder = await nativeFolder(paths);
  if (existsSync(folder)) {
    report('build programs (cached)', 0);
    return folder;
  }
  await step(report, 'build programs', async () => {
    await makeWhole(folder, (fresh) => make(paths, fresh, signal));
    await keepOnly(paths.build, basename(folder), 'native-');
  });
  return folder;
}

async function make(paths: LabPaths, out: string, signal: AbortSignal | undefined): Promise<void> {
  const { stdout: version } = await execa(GUEST_COMPILER, ['-dumpversion'], { reject: false });
  const args = [
    ...['-C', paths.sources, '-j2', `OUT=${out}`, `PACKAGES=${paths.unpacked}`, `GUEST_CC=${GUEST_COMPILER}`],
    ...(Number.parseInt(version) > NEWEST_CLEAN_GCC ? ['WERROR='] : []),
  ];
  // What an interrupted compiler leaves is removed with the half-made folder.
  const env = { TMPDIR: out };
  const { exitCode, all } = await run('make', args, { env, timeoutMs: 300_000, signal });
  if (exitCode !== 0)
    throw labProblem('VGB-LAB-BUILD', {
      message: `make failed in ${paths.sources}`,
      details: [all.slice(-2000).trim()],
    });
}
