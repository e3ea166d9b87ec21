/** One test file, run in a process group of its own until its first failure. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Tree } from './tree.ts';

export interface TestRun {
  readonly outcome: 'passed' | 'failed' | 'timed out';
  readonly durationMs: number;
  /** The first test that failed. */
  readonly failed?: string;
}

const running = new Set<() => void>();

/** Ends every test that runs. */
export function endTests(): void {
  for (const end of running) end();
}

export async function runTest({ path, scratch }: Tree, file: string, limitMs: number): Promise<TestRun> {
  const startMs = performance.now();
  const child = spawn(process.execPath, ['--import', 'tsx', '--test-reporter', 'tap', file], {
    cwd: path,
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
    // A test that is told of a runner above it reports to that one alone.
    env: { ...process.env, TMPDIR: scratch, NODE_TEST_CONTEXT: undefined },
  });
  const end = () => {
    try {
      process.kill(-(child.pid ?? NaN), 'SIGKILL');
    } catch {
      // Nothing of it is left.
    }
  };
  running.add(end);
  const closed = once(child, 'close');
  const result = await new Promise<Omit<TestRun, 'durationMs'>>((resolve) => {
    const timer = setTimeout(resolve, limitMs, { outcome: 'timed out' });
    createInterface({ input: child.stdout }).on('line', (line) => {
      const failed = /^\s*not ok \d+ - (.*?)(?: # .*)?$/.exec(line)?.[1];
      if (failed !== undefined) resolve({ outcome: 'failed', failed });
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ outcome: code === 0 ? 'passed' : 'failed' });
    });
  });
  end();
  await closed;
  running.delete(end);
  return { ...result, durationMs: performance.now() - startMs };
}
