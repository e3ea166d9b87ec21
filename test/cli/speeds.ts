/** A workload whose figures are known beforehand. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestTargets } from '../support/targets.ts';

/** The n-th run of a mode prints the n-th line of the mode's file of speeds. */
const PROGRAM = `#!/bin/sh
cd "$(dirname "$0")"
echo run >>"$MODE.ran"
sed -n "$(wc -l <"$MODE.ran")p" "$MODE.speeds"
`;

/**
 * Writes work.sh into the folder, and what it is to print in each mode, run by run.
 * @param ran how many runs of each mode are taken to have been before
 */
export function tellSpeeds(
  folder: string,
  speeds: Readonly<Record<string, readonly number[]>>,
  ran = 0,
): void {
  writeFileSync(join(folder, 'work.sh'), PROGRAM);
  for (const [mode, of] of Object.entries(speeds)) {
    writeFileSync(join(folder, `${mode}.ran`), 'run\n'.repeat(ran));
    writeFileSync(join(folder, `${mode}.speeds`), of.map((speed) => `speed: ${speed}\n`).join(''));
  }
}

/**
 * Writes an experiment of three blocks, whose modes `native` and `virtual` run it on the target a.
 * @returns its file’s name, in the suite’s folder
 */
export function speedsExperiment({ folder, servers }: TestTargets, baseline = 'native'): string {
  const file = 'gated.yaml';
  writeFileSync(
    join(folder, file),
    `name: gated
baseline: ${baseline}
targets: { a: { ssh: a, config: ${servers.sshConfig} } }
modes:
  native: { use: custom, on: a, environment: { MODE: native } }
  virtual: { use: custom, on: a, environment: { MODE: virtual } }
workloads:
  - { use: command, name: work, run: sh ${join(folder, 'work.sh')}, metric: { pattern: "speed: {value}", unit: GB/s, better: higher } }
design: { blocks: 3, seed: 5, warmup: 0, samples: 1 }
limits: { trial: 60s }
`,
  );
  return file;
}
