import { Problem } from '../problem.ts';
import type { Owner } from './home.ts';
import { READ_PROCESS } from './leader-script.ts';
import { quote } from '../words/quote.ts';

/** The result of asking for a target's lock. */
export type LockState =
  | { kind: 'taken' }
  /** By another target of the same run: one machine under two names. */
  | { kind: 'shared' }
  | { kind: 'held'; by: string }
  /** There is no place for a lock, or no room in it. */
  | { kind: 'none' };

/**
 * How long the holder of a lock over a dead link has to end, in tries of 0.1 s: one of this run, when told
 * to; another's, when it notices, which in a paused guest is once it is awake.
 */
const TRIES = 40;

/**
 * POSIX sh that takes a target's lock, a file with one line: the run's token, the target, the process ID and
 * start time of the lifecycle shell, and the run's owner. It holds as long as that shell lives. An older
 * shell of the same target of the same run, whose link was cut unnoticed, is ended. It is created with
 * O_EXCL; what a dead shell left is renamed first, and put back if another one turns out to have come first.
 * @param lock a directory that is ours alone.
 */
export function lockScript(lock: string, { token, who }: Owner, target: string): string {
  return `${READ_PROCESS}
vgb_f=${quote(`${lock}/lock`)}; vgb_i=0; vgb_process $$; vgb_m=$vgb_start
while :; do
vgb_i=$((vgb_i+1))
# Who had it last may have removed the directory meanwhile.
[ -d ${quote(lock)} ] || mkdir -m 700 ${quote(lock)}
[ -O ${quote(lock)} ] && [ ! -L ${quote(lock)} ] || { echo none; break; }
set -C
if echo ${token} ${quote(target)} "$$" "$vgb_m" ${quote(who)} >"$vgb_f"; then set +C; echo taken; break; fi
set +C
[ -e "$vgb_f" ] || { [ $vgb_i -lt 5 ] && [ ! -d ${quote(lock)} ] && continue; echo none; break; }
vgb_a=; vgb_b=; vgb_p=0; vgb_q=; vgb_c=
{ read -r vgb_a vgb_b vgb_p vgb_q vgb_c; } <"$vgb_f"
if [ -z "$vgb_q" ] && [ $vgb_i -lt 5 ]; then sleep 0.1 || sleep 1; continue; fi
vgb_process "\${vgb_p:-0}"
if [ -n "$vgb_q" ] && [ "$vgb_start" = "$vgb_q" ] && [ "$vgb_state" != Z ]; then
vgb_e=ours; [ "$vgb_a" = ${token} ] || vgb_e=other
case $vgb_e:$vgb_b:$vgb_p in ours:*:$$) vgb_i=${TRIES} ;; ours:${quote(target)}:*) kill -KILL "$vgb_p" ;; ours:*) vgb_i=${TRIES} ;; esac
[ $vgb_i -lt ${TRIES} ] || { echo "held $vgb_a $vgb_c"; break; }
sleep 0.1 || sleep 1
elif mv "$vgb_f" "$vgb_f.$$"; then
vgb_e=; { read -r _ _ _ vgb_e _; } <"$vgb_f.$$"
[ "$vgb_e" = "$vgb_q" ] || ln "$vgb_f.$$" "$vgb_f"
rm -f "$vgb_f.$$"
fi
done 2>/dev/null`;
}

/** POSIX sh that removes the lock if it is the run's own. */
export function unlockScript(lock: string, { token }: Owner, target: string): string {
  const file = quote(`${lock}/lock`);
  return `vgb_a=; { read -r vgb_a vgb_b _; } 2>/dev/null <${file}
[ "$vgb_a" = ${token} ] && [ "$vgb_b" = ${quote(target)} ] && rm -f ${file}
rmdir ${quote(lock)} 2>/dev/null`;
}

/** Reads what lockScript printed. */
export function readLock(stdout: string, { token }: Owner): LockState {
  const [word, holder = '', ...who] = stdout.trim().split(' ');
  if (word === 'taken') return { kind: 'taken' };
  if (word !== 'held') return { kind: 'none' };
  return holder === token ? { kind: 'shared' } : { kind: 'held', by: who.join(' ') || 'somebody' };
}

export function inUse(target: string, by: string): Problem {
  return new Problem({
    code: 'VGB-TARGET-IN-USE',
    message: `${target} is in use by another run`,
    expected: 'exclusive use of the target, because two runs would disturb each other',
    found: `a run of ${by}`,
    next: 'wait until it has ended, or stop it',
    exitCode: 4,
  });
}
