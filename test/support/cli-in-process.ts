/**
 * Runs the command line in the process of the test, for what it says, writes and exits with: to start one takes half a second
 * of a core. What is of a process itself, such as pipes, signals, a terminal and an end in time, needs `cli.ts`.
 */
import { mock } from 'node:test';
import { carryOut } from '../../src/cli/main.ts';
import { NEUTRAL } from './cli.ts';

let isBusy = false;

/** The same as `vgpubench` of `cli.ts`, one at a time: folder, environment and outputs are the process's own. */
export async function vgpubench(
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  if (isBusy) throw new Error('one command line at a time');
  isBusy = true;
  const before = { cwd: process.cwd(), env: { ...process.env } };
  const [stdout, stderr] = [captured(process.stdout), captured(process.stderr)];
  try {
    process.chdir(cwd);
    setEnvironment({ ...before.env, ...NEUTRAL, ...env });
    const exitCode = await carryOut(args);
    return { exitCode, stdout: stdout.text(), stderr: stderr.text() };
  } finally {
    for (const { end } of [stdout, stderr]) end();
    setEnvironment(before.env);
    process.chdir(before.cwd);
    isBusy = false;
  }
}

/** In place: a new object would not be the environment of what is started. */
function setEnvironment(wanted: Readonly<Record<string, string | undefined>>): void {
  for (const name of Object.keys(process.env))
    if (wanted[name] === undefined) Reflect.deleteProperty(process.env, name);
  for (const [name, value] of Object.entries(wanted)) if (value !== undefined) process.env[name] = value;
}

/** Takes the text that is written to an output. By the same stdout, in bytes, node:test tells what came of tests. */
function captured(output: NodeJS.WriteStream): { text: () => string; end: () => void } {
  const pass = output.write.bind(output);
  let text = '';
  const { mock: taking } = mock.method(output, 'write', (chunk: string | Uint8Array) => {
    if (typeof chunk !== 'string') return pass(chunk);
    text += chunk;
    return true;
  });
  return {
    text: () => text.replace(/\n$/, ''),
    end: () => {
      taking.restore();
    },
  };
}
