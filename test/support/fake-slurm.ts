/** Fake Slurm commands that do what a test says, for what no cluster does on demand. */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { NEUTRAL } from './cli.ts';

export interface FakeSlurm {
  /** Of whoever is to meet it. */
  env: Record<string, string>;
  /** How often sbatch was called, and the words of each call. */
  submitted: () => string[];
}

/**
 * @param onSubmit Shell commands for each sbatch; $n is its number, from 1, and $* its words.
 * @param squeue What squeue prints, in shell commands; $n is how often it was called.
 */
export function fakeSlurm(folder: string, onSubmit: string, squeue: string): FakeSlurm {
  const bin = join(folder, 'fake-slurm');
  mkdirSync(bin, { recursive: true });
  const counted = (name: string) =>
    `echo x >>"${bin}/${name}.times"; n=$(($(wc -l <"${bin}/${name}.times")))`;
  const commands = {
    sbatch: `${counted('sbatch')}\necho "$*" >>"${bin}/submitted"\n${onSubmit}\necho "10$n"`,
    squeue: `${counted('squeue')}\n${squeue}`,
    sacct: 'echo "Slurm accounting storage is disabled" >&2; exit 1',
  };
  for (const [name, text] of Object.entries(commands)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  return {
    env: { PATH: [bin, NEUTRAL.PATH].join(delimiter) },
    submitted: () => readFileSync(join(bin, 'submitted'), 'utf8').trim().split('\n'),
  };
}
