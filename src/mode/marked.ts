/**
 * Processes identified by an environment variable, regardless of who started them and what became of their parents; in
 * POSIX sh.
 */
import { quote } from '../words/quote.ts';

/** Prints the `environ` file of each. @param mark a word without characters that are special to grep or a shell */
export const environsOf = (mark: string): string => `grep -ls ${mark} /proc/[0-9]*/environ`;

/**
 * Starts a script in a session of its own, without our streams, so that it outlives the command that starts it.
 * @param log where its output goes
 */
export function startMarked(mark: string, script: string, log = '/dev/null'): string {
  return `env ${mark} sh -c ${quote(`setsid sh -c ${quote(script)} </dev/null >${log} 2>&1 &`)}`;
}

/** Ends them all, and exits: with 0 if none is left. */
export function endMarked(mark: string): string {
  return `for i in 1 2 3 4 5; do p=$(${environsOf(mark)} | sed 's,/proc/,,; s,/environ,,'); [ -n "$p" ] || exit 0; kill -KILL $p 2>/dev/null; sleep 0.1 2>/dev/null || sleep 1; done; exit 1`;
}
