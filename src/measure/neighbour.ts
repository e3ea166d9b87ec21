import { randomBytes } from 'node:crypto';
import { endMarked, environsOf, startMarked } from '../mode/marked.ts';
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
  const loop = `while ( eval ${quote(ran)} ); s=$?; [ $s = 0 ]; do :; done; exec env ${mark}.$s sleep ${KEPT_S}`;
  // From grep's output: its exit status reflects processes that ended meanwhile, or that we may not read.
  const status = `f=$(${environsOf(mark)}); [ -n "$f" ] || exit 1; cat $f 2>/dev/null | tr '\\0' '\\n' | sed -n 's/^${mark}[.]//p'`;
  return {
    changes: sites.map(({ guest: { name } }) => ({
      target: name,
      script: startMarked(mark, loop),
      undo: { target: name, script: endMarked(mark) },
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
