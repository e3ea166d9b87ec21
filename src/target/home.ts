import { Problem } from '../problem.ts';
import { LEADER_FILE, LEADER_SCRIPT } from './leader-script.ts';
import { saidOf } from './said.ts';
import { STREAM_FILE, STREAM_SCRIPT } from './stream-script.ts';
import { quote } from '../words/quote.ts';

/** The owner of a run, as shown to whoever finds a target in use. */
export interface Owner {
  /** Names the run; at least 64 random bits. */
  token: string;
  /** Who runs it, from where: user@host. */
  who: string;
}

/** Where a run keeps its files on a target. */
export interface Home {
  /** The directory that it is in. */
  scratch: string;
  /** The target's own directory in the run's. */
  directory: string;
  /** Where the target's lock is; undefined if there is no place for one. */
  lock: string | undefined;
  /** Places that were rejected, and why, in words. */
  passedOver: string[];
}

/**
 * Shell text that defines `vgb_own DIRECTORY`: it is a directory, not a link, that belongs to us and that
 * nobody else may enter; and `vgb_safe DIRECTORY`: nobody else may rename our files in it.
 */
const CHECKS = `vgb_id=$(id -u)
vgb_own() {
set -- $(ls -ldn "$1" 2>/dev/null)
case \${1:-} in drwx------*) [ "$3" = "$vgb_id" ] ;; *) return 1 ;; esac
}
vgb_safe() {
set -- $(ls -ldn "$1/." 2>/dev/null)
case \${1:-} in d????????[tT]*) ;; d????w*|d???????w*|'') return 1 ;; esac
[ "$3" = 0 ] || [ "$3" = "$vgb_id" ]
}`;

/** In memory if possible, so that keeping results causes no disk traffic while a workload runs. */
const PLACES = '/dev/shm "${TMPDIR:-}" /tmp /var/tmp "${HOME:-}"';

/** Places for a lock, if not in $XDG_RUNTIME_DIR. */
const LOCKS =
  '/dev/shm/vgpubench-lock-$vgb_id "${TMPDIR:-}/vgpubench-lock-$vgb_id" /tmp/vgpubench-lock-$vgb_id /var/tmp/vgpubench-lock-$vgb_id "${HOME:-}/vgpubench-lock-$vgb_id"';

export const runDirectory = (token: string) => `vgpubench-${token}`;

/**
 * POSIX sh that finds a place for the run's directory, creates it or finds it again, and prints its path. It
 * is created without -p, for its user alone, in a directory where others can't rename it; an existing one is
 * used if it is ours, so that a resumed run finds what an earlier session kept.
 * @param roomKib the space that must be free there.
 * @param full places that turned out to be full.
 * @param before where an earlier session of the run kept files there, if any: it is tried first.
 */
export function homeScript(
  { token }: Owner,
  target: string,
  roomKib: number,
  full: readonly string[],
  before: string | null,
): string {
  return `${CHECKS}
vgb_r=${runDirectory(token)}; vgb_h=; vgb_lock=
vgb_move_in() {
vgb_d=$1/$vgb_r/${target}
{ [ -d "$vgb_d" ] || mkdir -m 700 "$vgb_d"; } &&
printf '%s' ${quote(STREAM_SCRIPT)} >"$vgb_d/${STREAM_FILE}" &&
printf '%s' ${quote(LEADER_SCRIPT)} >"$vgb_d/${LEADER_FILE}"
} 2>/dev/null
vgb_dead=${quote(`:${full.join(':')}:`)}
for vgb_c in ${before === null ? '' : quote(before)} ${PLACES}; do
[ -n "$vgb_c" ] && [ -d "$vgb_c" ] && [ -w "$vgb_c" ] || continue
case $vgb_dead in *:$vgb_c:*) echo "passed $vgb_c: no room"; continue ;; esac
vgb_own "$vgb_c/$vgb_r" && vgb_move_in "$vgb_c" && { vgb_h=$vgb_c; break; }
done
for vgb_c in ${PLACES}; do
[ -n "$vgb_c" ] && [ -d "$vgb_c" ] && [ -w "$vgb_c" ] || continue
vgb_safe "$vgb_c" || { echo "passed $vgb_c: others may rename what is in it"; continue; }
if [ -z "$vgb_lock" ]; then
if [ -n "\${XDG_RUNTIME_DIR:-}" ] && vgb_own "$XDG_RUNTIME_DIR"; then vgb_lock=$XDG_RUNTIME_DIR/vgpubench; else vgb_lock=$vgb_c/vgpubench-lock-$vgb_id; fi
mkdir -m 700 "$vgb_lock" 2>/dev/null || vgb_own "$vgb_lock" || { echo "passed $vgb_lock: another user’s"; vgb_lock=; }
fi
[ -n "$vgb_h" ] && break
case $vgb_dead in *:$vgb_c:*) continue ;; esac
vgb_k=$(df -Pk "$vgb_c" 2>/dev/null | { read -r vgb_l; read -r _ _ _ vgb_l _; echo "\${vgb_l:-0}"; })
[ "$vgb_k" -ge ${roomKib} ] || { echo "passed $vgb_c: $vgb_k KiB free, ${roomKib} wanted"; continue; }
# Another target of the run, which is the same machine, may have made it this moment.
if mkdir -m 700 "$vgb_c/$vgb_r" 2>/dev/null || vgb_own "$vgb_c/$vgb_r"; then
if vgb_move_in "$vgb_c"; then vgb_h=$vgb_c; else
echo "passed $vgb_c: no files can be made there"; rm -rf "$vgb_c/$vgb_r/${target}"; rmdir "$vgb_c/$vgb_r" 2>/dev/null
fi
elif [ -e "$vgb_c/$vgb_r" ] || [ -L "$vgb_c/$vgb_r" ]; then echo "passed $vgb_c: $vgb_r is there, and another user’s"
else echo "passed $vgb_c: no directory can be made there"
fi
done
[ -z "$vgb_lock" ] || echo "lock $vgb_lock"
[ -z "$vgb_h" ] || echo "home $vgb_h"
`;
}

/** Reads what homeScript printed. @throws Problem if there is no place. */
export function readHome(stdout: string, { token }: Owner, target: string): Home {
  const [scratch] = saidOf(stdout, 'home');
  const passedOver = [...new Set(saidOf(stdout, 'passed'))];
  if (scratch === undefined)
    throw new Problem({
      code: 'VGB-GUEST-DIRECTORY',
      message: `${target}: there is no directory for results`,
      expected: 'a directory with free space in /dev/shm, $TMPDIR, /tmp, /var/tmp or $HOME',
      found: passedOver.join('; ') || 'none is writable',
      next: 'free some space on the target, or make one of these writable for its user',
      exitCode: 4,
    });
  return {
    scratch,
    directory: `${scratch}/${runDirectory(token)}/${target}`,
    lock: saidOf(stdout, 'lock')[0],
    passedOver,
  };
}

/**
 * Prints the boot id if the directory is as it was: without a process, because a guest may be asked in each
 * visit.
 */
export function standsScript({ directory }: Home): string {
  const home = quote(directory);
  return `vgb_l=; { IFS= read -r vgb_l; } 2>/dev/null </proc/sys/kernel/random/boot_id
[ -d ${home} ] && [ ! -L ${home} ] && [ -O ${home} ] && [ -O ${home}/.. ] || vgb_l=
echo "$vgb_l"`;
}

/**
 * The request that ends a trial: see END_SCRIPT, which the lifecycle shell contains.
 * @param leader what its leader reported about itself over its stream; empty if only its directory has it.
 */
export function endScript({ directory }: Home, trial: string, graceMs: number, leader: string): string {
  return `vgb_end ${quote(`${directory}/${trial}`)} ${Math.ceil(graceMs / 100)} ${quote(leader)}`;
}

/**
 * A script whose output goes through files: otherwise, what it leaves running in the background would write
 * into the answers to later requests. Uses CHANGE_SCRIPT, which the lifecycle shell contains.
 */
export function changeScript({ directory }: Home, script: string, id: string): string {
  return `vgb_change ${quote(`${directory}/change.${id}`)} ${quote(script)}`;
}

/**
 * Looks for processes that escaped their trial unnoticed; removes what ended trials kept, and the control
 * groups of closed streams.
 */
export function tidyScript({ directory }: Home, trials: readonly string[]): string {
  const files = trials.map((trial) => quote(`${directory}/${trial}`)).join(' ');
  return `vgb_sweep ${quote(directory)}
${files === '' ? '' : `rm -rf ${files}\n`}for vgb_f in ${quote(directory)}/shell.*; do
{ read -r vgb_p vgb_q vgb_g; } 2>/dev/null <"$vgb_f" || continue
if [ -z "$vgb_g" ] || rmdir "$vgb_g" 2>/dev/null || [ ! -e "$vgb_g" ]; then rm -f "$vgb_f"; fi
done
:`;
}

/**
 * Ends whatever the run left running on a target, and removes its files wherever they are: for any session of
 * it. If other targets of the run are the same machine, theirs stay.
 * @param groups control groups that this session knows of, in case a workload has removed the record of them.
 */
export function leaveScript({ token }: Owner, target: string, groups: readonly string[]): string {
  return `${CHECKS}
vgb_ungroup() {
vgb_i=0
# What is killed is in its group for another moment.
until [ -z "$vgb_g" ] || rmdir "$vgb_g"/*/*/*/ "$vgb_g"/*/*/ "$vgb_g"/*/ "$vgb_g" 2>/dev/null || [ ! -e "$vgb_g" ] || [ $vgb_i = 100 ]; do
vgb_i=$((vgb_i+1)); echo 1 2>/dev/null >"$vgb_g/cgroup.kill"; sleep 0.02 2>/dev/null || sleep 1
done
}
for vgb_c in ${PLACES}; do
vgb_r=$vgb_c/${runDirectory(token)}
[ -n "$vgb_c" ] && vgb_own "$vgb_r" || continue
vgb_dir=$vgb_r/${target}
vgb_sweep "$vgb_dir"
for vgb_y in "$vgb_dir"/*/; do [ -d "$vgb_y" ] && vgb_end "\${vgb_y%/}" 0; done
for vgb_f in "$vgb_dir"/shell.*; do
{ read -r vgb_p vgb_h vgb_g; } 2>/dev/null <"$vgb_f" || continue
vgb_process "$vgb_p"; [ "$vgb_start" = "$vgb_h" ] && kill -KILL "$vgb_p" 2>/dev/null
vgb_ungroup
done
rm -rf "$vgb_dir"
rmdir "$vgb_r" 2>/dev/null
done
for vgb_g in ${groups.map(quote).join(' ')}; do vgb_ungroup; done
for vgb_c in "\${XDG_RUNTIME_DIR:-}/vgpubench" ${LOCKS}; do vgb_own "$vgb_c" && echo "lock $vgb_c"; done
:`;
}

/** The locks that leaveScript found, which may be the run's own. */
export function readLocks(stdout: string): string[] {
  return saidOf(stdout, 'lock');
}
