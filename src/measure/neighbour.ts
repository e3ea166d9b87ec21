import { randomBytes } from 'node:crypto';
import type { Change, Finding, Site } from '../mode/mode.ts';
import { quote } from '../words/quote.ts';

/** A neighbour's processes carry this environment variable, by which they are found. */
const MARK = 'VGPUBENCH_NEIGHBOUR';

/** The load that runs during a mode's trials on some of its sites, for one stay. */
export interface Neighbour {
  changes: Change[];
  /** Checks that it still runs, on each of its sites. */
  attest: () => Promise<Finding[]>;
}

/**
 * A neighbour that has failed leaves an idle process that reports its exit status in its mark,
 * MARK=ID.STATUS.
 */
const KEPT_S = 1_000_000;

/**
 * Runs the neighbour's command repeatedly, on each of its sites, until it fails: a failed one puts no load on
 * the GPU, and trials next to it are not what they claim. The undo that ends it is journaled before it
 * starts, so that `restore` ends it as well.
 * @param command as in the experiment file; `ran`, as run in its mode
 */
export function neighbourOf(
  { command, ran }: { command: string; ran: string },
  sites: readonly Site[],
): Neighbour {
  const mark = `${MARK}=${randomBytes(8).toString('hex')}`;
  // As its own group, and without our streams, so that it outlives the command that starts it.
  const loop = `while ( eval ${quote(ran)} ); s=$?; [ $s = 0 ]; do :; done; exec env ${mark}.$s sleep ${KEPT_S}`;
  const start = `env ${mark} sh -c ${quote(`setsid sh -c ${quote(loop)} </dev/null >/dev/null 2>&1 &`)}`;
  const marked = `grep -ls ${mark} /proc/[0-9]*/environ`;
  // From grep's output: its exit status reflects processes that ended meanwhile, or that we may not read.
  const status = `f=$(${marked}); [ -n "$f" ] || exit 1; cat $f 2>/dev/null | tr '\\0' '\\n' | sed -n 's/^${mark}[.]//p'`;
  const end = `for i in 1 2 3 4 5; do p=$(${marked} | sed 's,/proc/,,; s,/environ,,'); [ -n "$p" ] || exit 0; kill -KILL $p 2>/dev/null; sleep 0.1 2>/dev/null || sleep 1; done; exit 1`;
  return {
    changes: sites.map(({ guest: { name } }) => ({
      target: name,
      script: start,
      undo: { target: name, script: end },
    })),
    attest: () =>
      Promise.all(
        sites.map(async ({ guest }) => {
          const { exitCode, stdout } = await guest.run(status);
          const failure =
            exitCode === 0
              ? failureOf(command, stdout.trim().slice(0, 100))
              : `no process with ${MARK} in its environment`;
          return {
            target: guest.name,
            claim: 'the neighbour runs',
            ok: failure === undefined,
            evidence: failure ?? command,
          };
        }),
      ),
  };
}

function failureOf(command: string, status: string): string | undefined {
  if (status === '') return undefined;
  return `${command} ended with exit status ${status}${status === '127' ? ' (no such program)' : ''}`;
}
