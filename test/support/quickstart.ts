/**
 * The quickstart in a separate process, with stand-ins for the lab, held at a stage until it gets a signal.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { until } from './processes.ts';
import { testFolder } from './directory.ts';

const STAGES = join(import.meta.dirname, 'quickstart-stages.ts');

/** A busy machine takes long to start a process; how long is not what is tested. */
const START_LIMIT_MS = 60_000;

/** How a quickstart ends if interrupted at a stage: its exit code, and what it does last. */
const ENDS = {
  up: { code: 130, last: 'taken down on the way' },
  run: { code: 130, last: 'is down' },
  write: { code: 0, last: 'is down' },
  down: { code: 0, last: 'is down' },
} as const;

export type Stage = keyof typeof ENDS;
export const STAGES_HELD = Object.keys(ENDS) as Stage[];

/** For a suite: its folder is gone when that ends. */
export function testQuickstart() {
  const folder = testFolder();
  let count = 0;

  function begin(held: string, kind = 'plain') {
    const log = join(folder, `log-${++count}`);
    const child = execa(process.execPath, ['--import', 'tsx', STAGES, log, held, kind], {
      reject: false,
      timeout: 2 * START_LIMIT_MS,
      stdin: 'ignore',
    });
    const noted = () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []);
    const reached = (stage: string) => until(stage, () => noted().includes(stage), START_LIMIT_MS);
    const send = (signal: NodeJS.Signals) => {
      child.kill(signal);
      writeFileSync(`${log}.sent`, '');
    };
    return { child, noted, reached, send };
  }

  /** Sends a signal at a stage: the lab must be down whatever it was doing. */
  async function interrupted(stage: Stage, signal: NodeJS.Signals): Promise<void> {
    const { child, noted, reached, send } = begin(stage);
    await reached(stage);
    send(signal);
    const { exitCode, stderr } = await child;
    const { code, last } = ENDS[stage];
    assert.equal(exitCode, code, `${stage}: ${stderr}`);
    assert.equal(noted().at(-1), last, stage);
    assert.match(stderr, /interrupted: /, stage);
  }
  return { begin, interrupted };
}
