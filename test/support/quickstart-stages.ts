/**
 * The quickstart with stand-ins for the lab, each of which records what it does: `LOG STAGE
 * [theirs|stubborn]`. It waits for a signal in STAGE, which `LOG.sent` says was sent when it could not be
 * received. `theirs`: the lab was up before. `stubborn`: the run ignores signals.
 */
import { appendFileSync, existsSync } from 'node:fs';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { quickstart } from '../../src/cli/quickstart.ts';
import { outliveOutputs } from '../../src/cli/terminal/unwritten.ts';

const [log = '', held = '', kind] = process.argv.slice(2);
const note = (what: string): void => {
  appendFileSync(log, `${what}\n`);
};

const LIMIT_MS = 20_000;
const sent = (): boolean => existsSync(`${log}.sent`);

async function aborted(signal: AbortSignal | undefined, stage: string): Promise<boolean> {
  const end = performance.now() + (held === stage ? LIMIT_MS : 0);
  while (signal?.aborted !== true && performance.now() < end) await sleep(10);
  return signal?.aborted === true;
}

outliveOutputs();
process.exitCode = await quickstart(
  { json: false },
  {
    guard: () => ({ release: () => Promise.resolve() }),
    isUp: () => Promise.resolve(kind === 'theirs'),
    up: async (_, interrupt) => {
      note('up');
      if (!(await aborted(interrupt?.signal, 'up')))
        return { accelerator: 'tcg', sshConfig: '', aliases: [] };
      note('taken down on the way');
      return 'interrupted';
    },
    run: async (_file, _options, interrupt) => {
      note('run');
      if (kind === 'stubborn') await sleep(60_000);
      const ended = await aborted(interrupt.signal, 'run');
      if (ended) {
        await sleep(500);
        process.stdout.write('the targets are put back\n');
        note('put back');
      }
      note('write');
      // The report is written synchronously: no signal is received meanwhile.
      if (held === 'write')
        for (const end = performance.now() + LIMIT_MS; !sent() && performance.now() < end;);
      return ended ? 130 : 0;
    },
    down: async () => {
      note('down');
      if (held === 'down')
        for (const end = performance.now() + LIMIT_MS; !sent() && performance.now() < end;) await sleep(10);
      if (kind === 'stubborn') await sleep(1000);
      // Like a real one, it lets the event loop turn: a signal sent before is received.
      for (let turn = 0; turn < 2; turn++) await nextTurn();
      note('is down');
    },
  },
);
