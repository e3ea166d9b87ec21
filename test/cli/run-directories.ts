/** Simulated runs as directories, and the command line as a user has it. */
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FILES, planText } from '../../src/record/run-directory.ts';
import { type Simulation, simulatedRun } from '../compare/simulated-run.ts';

/** Writes what a run leaves: experiment, plan, journal. */
export function writeRun(directory: string, simulation: Simulation): string {
  const { source, plan, events } = simulatedRun(simulation);
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, FILES.experiment), source);
  writeFileSync(join(directory, FILES.plan), planText(plan));
  writeFileSync(join(directory, FILES.journal), events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  return directory;
}

const MAIN = new URL('../../src/cli/main.ts', import.meta.url).href;

/** Runs the command line in a process of its own, in `cwd`. */
export function vgpubench(
  args: readonly string[],
  cwd: string,
): Promise<{ code: number; stdout: string; stderr: string }> {
  const script = `import { main } from ${JSON.stringify(MAIN)}; process.exitCode = await main(process.argv.slice(1));`;
  const tsx = import.meta.resolve('tsx');
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['--import', tsx, '--input-type=module', '-e', script, '--', ...args],
      { cwd, maxBuffer: 2 ** 28 },
      (_, stdout, stderr) => {
        resolve({ code: child.exitCode ?? -1, stdout, stderr });
      },
    );
  });
}
