import { Problem } from '../problem.ts';
import type { Owner } from './home.ts';
import { quote } from '../words/quote.ts';

/** What came of asking for a target's lock. */
export type LockState =
  | { kind: 'taken' }
  /** By another target of the same run: one machine under two names. */
  | { kind: 'shared' }
  | { kind: 'held'; by: string }
  /** There is no flock there, or no place for a lock. */
  | { kind: 'none' };

/** How long what holds the lock of this run and target, over a link that was cut, has to let go. */
const TRIES = 40;

/**
 * POSIX sh for the lifecycle shell itself, which holds the lock as long as it lives: descriptor 9. What it says is in
 * the file: the run's token, the target, the shell's process ID and start time, and whose run it is. An older shell of
 * the same target of the same run, whose link was cut without its knowing, is ended.
 * @param lock a directory that is ours alone.
 */
export function lockScript(lock: string, { token, who }: Owner, target: string): string {
  return `vgb_f=${quote(`${lock}/lock`)}; vgb_i=0
if command -v flock >/dev/null && { [ -e "$vgb_f" ] || : >"$vgb_f"; } 2>/dev/null && [ -w "$vgb_f" ]; then
exec 9>>"$vgb_f"
# The file may have been removed, and made anew, by who held it.
until flock -n 9 && [ "/proc/$$/fd/9" -ef "$vgb_f" ]; do
vgb_i=$((vgb_i+1)); vgb_a=
[ "/proc/$$/fd/9" -ef "$vgb_f" ] || { exec 9>>"$vgb_f"; [ $vgb_i -lt ${TRIES} ] && continue; }
{ read -r vgb_a vgb_b vgb_p vgb_q vgb_l; } 2>/dev/null <"$vgb_f"
[ "$vgb_a" = ${token} ] && [ "$vgb_b" = ${quote(target)} ] && [ $vgb_i -lt ${TRIES} ] || break
vgb_x=; { IFS= read -r vgb_x; } 2>/dev/null <"/proc/$vgb_p/stat"; set -- \${vgb_x##*)}
[ "\${20:-}" = "$vgb_q" ] && kill -KILL "$vgb_p" 2>/dev/null
sleep 0.1 2>/dev/null || sleep 1
done
if flock -n 9 && [ "/proc/$$/fd/9" -ef "$vgb_f" ]; then
{ IFS= read -r vgb_x; } </proc/$$/stat; set -- \${vgb_x##*)}
printf '%s %s %s %s %s\\n' ${token} ${quote(target)} "$$" "\${20}" ${quote(who)} >"$vgb_f"
echo taken
else exec 9>&-; echo "held $vgb_a $vgb_l"
fi
else echo none
fi`;
}

/** POSIX sh for the lifecycle shell: takes the lock, where nobody has it, and removes it. */
export function unlockScript(lock: string, owner: Owner, target: string): string {
  return `[ "/proc/$$/fd/9" -ef ${quote(`${lock}/lock`)} ] || { ${lockScript(lock, owner, target)}
} >/dev/null
[ "/proc/$$/fd/9" -ef ${quote(`${lock}/lock`)} ] && rm -f ${quote(`${lock}/lock`)} && rmdir ${quote(lock)}
exec 9>&-`;
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
    expected: 'a target to ourselves: two runs on it would measure each other',
    found: `a run of ${by}`,
    next: 'wait until it has ended, or stop it',
    exitCode: 4,
  });
}
