/**
 * Runs the command line in the test's own process, for tests of its output, files and exit code: this saves the start of a
 * process. Tests of pipes, signals, terminals and time limits need a process, and so `cli.ts`.
 */
import { mock } from 'node:test';
import { carryOut } from '../../src/cli/main.ts';
import { NEUTRAL } from './cli.ts';

let isBusy = false;

/** The same as `vgpubench` of `cli.ts`, one at a time, because it changes the process's own directory, environment and outputs. */
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

/** In place: child processes would not inherit a new object. */
function setEnvironment(wanted: Readonly<Record<string, string | undefined>>): void {
  for (const name of Object.keys(process.env))
    if (wanted[name] === undefined) Reflect.deleteProperty(process.env, name);
  for (const [name, value] of Object.entries(wanted)) if (value !== undefined) process.env[name] = value;
}

/** Captures the text written to an output. node:test reports on the same stdout, but writes bytes. */
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
