/** A workload whose figures are known beforehand. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

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
