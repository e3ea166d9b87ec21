import { randomBytes } from 'node:crypto';
import type { Change, Finding, Site } from '../mode/mode.ts';
import { quote } from '../words/quote.ts';

/** Programs of a neighbour carry it in their environment, by which they are found. */
const MARK = 'VGPUBENCH_NEIGHBOUR';

/** What runs beside a mode's trials on some of its sites, for one stay. */
export interface Neighbour {
  changes: Change[];
  /** That it still runs, on each of its sites. */
  attest: () => Promise<Finding[]>;
}

/**
 * The command of a neighbour, over and over, on each of its sites. It is ended by what is journaled before it is
 * started, so that `restore` ends it as well.
 */
export function neighbourOf(command: string, sites: readonly Site[]): Neighbour {
  const mark = `${MARK}=${randomBytes(8).toString('hex')}`;
  // As a group of its own, and without our streams, so that it outlives the command that starts it.
  const loop = `while :; do ( ${command}\n) || sleep 1; done`;
  const start = `env ${mark} sh -c ${quote(`setsid sh -c ${quote(loop)} </dev/null >/dev/null 2>&1 &`)}`;
  const running = `grep -ls ${mark} /proc/[0-9]*/environ`;
  const end = `for i in 1 2 3 4 5; do p=$(${running} | sed 's,/proc/,,; s,/environ,,'); [ -n "$p" ] || exit 0; kill -KILL $p 2>/dev/null; sleep 0.1 2>/dev/null || sleep 1; done; exit 1`;
  return {
    changes: sites.map(({ guest: { name } }) => ({
      target: name,
      script: start,
      undo: { target: name, script: end },
    })),
    attest: () =>
      Promise.all(
        sites.map(async ({ guest }) => {
          const { exitCode } = await guest.run(running);
          const ok = exitCode === 0;
          return {
            target: guest.name,
            claim: 'the neighbour runs',
            ok,
            evidence: ok ? command : `no process with ${MARK} in its environment`,
          };
        }),
      ),
  };
}
