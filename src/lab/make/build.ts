/** Compiles the lab's native sources; the result lies under the digest of sources, compiler and libraries. */
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { labProblem } from '../lab-problem.ts';
import { labPaths, type LabPaths } from '../paths.ts';
import { run } from '../run.ts';
import { type Report, step } from '../step.ts';
import { digestOf, filesBelow, keepOnly } from './digest.ts';
import { makeWhole } from './whole.ts';

async function nativeDigest(paths: LabPaths): Promise<string> {
  const files = (await filesBelow(paths.sources)).filter((file) => /\.[ch]$|Makefile$/.test(file));
  const compiler = await execa('gcc', ['-v'], { reject: false, all: true });
  // The GPU is built for this very CPU.
  const cpu = await execa('gcc', ['-march=native', '-Q', '--help=target'], { reject: false });
  return digestOf(paths.sources, files, [compiler.all, cpu.stdout, paths.unpacked]);
}

/** Returns the folder with the programs; needs the packages fetched (for Xen's headers and libraries). */
export async function buildLab(report: Report, paths = labPaths(), signal?: AbortSignal): Promise<string> {
  const folder = join(paths.build, `native-${await nativeDigest(paths)}`);
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
  const args = ['-C', paths.sources, '-j2', `OUT=${out}`, `XEN=${paths.unpacked}/usr`];
  // What the compiler leaves when it is interrupted goes with the half-made folder.
  const env = { TMPDIR: out };
  const { exitCode, all } = await run('make', args, { env, timeoutMs: 300_000, signal });
  if (exitCode !== 0)
    throw labProblem('VGB-LAB-BUILD', {
      message: `make failed in ${paths.sources}`,
      details: [all.slice(-2000).trim()],
    });
}
