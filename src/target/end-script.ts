import { READ_PROCESS, TRIAL_MARK } from './leader-script.ts';

/** The result of ending a trial. */
export interface TrialEnd {
  left: Leftover[];
  /** None of it is still running. */
  ended: boolean;
}

/** A process that a trial left behind, outside its leader's group. */
export interface Leftover {
  pid: number;
  name: string;
}

/**
 * Ends a trial, in POSIX sh: `vgb_end DIRECTORY PAUSES [LEADER]`, with this many pauses of 0.1 s between TERM
 * and KILL. Only what is proved to be the trial's is killed, from what its leader reported: over its stream,
 * or in a directory that is ours alone. That is: the leader's group, while the leader is still the same
 * process; everything in the control group, except the stream's shell; and, without a control group, each
 * process that began after the leader and has its session, its limit on the resident set, or its mark. It
 * returns once all of that is gone, or reports otherwise: a line `left PID NAME` for each process that had
 * left the group, `still` for what could not be ended.
 *
 * `vgb_sweep HOME` looks again, by mark, for what has left the control groups of a visit's trials: a search
 * of /proc is too slow to do after each trial.
 */
export const END_SCRIPT = `${READ_PROCESS}
vgb_leaders() {
vgb_q=; vgb_all=' '; vgb_live=; vgb_m=' '; vgb_k=; vgb_gs=; vgb_w=; vgb_y=' '; vgb_z=; vgb_u=' '
vgb_ifs=$IFS; IFS=
for vgb_f in known $vgb_d/leader.*; do
IFS=$vgb_ifs
if [ "$vgb_f" = known ]; then set -- $vgb_o; vgb_p=\${1:-}; vgb_h=\${2:-}; vgb_a=\${3:-}; vgb_b=\${4:-}; vgb_s=\${5:-}; vgb_g=\${6:-}
else [ -f "$vgb_f" ] && { read -r vgb_p vgb_h vgb_a vgb_b vgb_s vgb_g; } 2>/dev/null <"$vgb_f" || continue
fi
[ -n "$vgb_s" ] || continue
case $vgb_u in *" $vgb_p:$vgb_h "*) continue ;; esac
vgb_process "$vgb_p"; vgb_u="$vgb_u$vgb_p:$vgb_h "
vgb_all="$vgb_all$vgb_p "; vgb_y="$vgb_y$vgb_s "; vgb_m="$vgb_m$vgb_a "; vgb_k="$vgb_k -e ${TRIAL_MARK}=$vgb_b"
[ -n "$vgb_q" ] && [ "$vgb_q" -le "$vgb_h" ] || vgb_q=$vgb_h
[ "$vgb_start" = "$vgb_h" ] && [ "$vgb_group" = "$vgb_p" ] && [ "$vgb_state" != Z ] && vgb_live="$vgb_live $vgb_p"
if [ -n "$vgb_g" ] && [ -e "$vgb_g/cgroup.procs" ]; then vgb_gs="$vgb_gs $vgb_g"; else vgb_w=wide; fi
done
IFS=$vgb_ifs
}
vgb_groups() {
for vgb_p in $vgb_live; do kill "-$vgb_signal" "-$vgb_p" 2>/dev/null; done
}
vgb_ours() {
case "$vgb_live " in *" $vgb_session "*) return ;; esac
while read -r vgb_a vgb_b vgb_c vgb_e vgb_l; do
[ "$vgb_a $vgb_b $vgb_c" = "Max resident set" ] && { case $vgb_m in *" $vgb_e "*) return ;; esac; break; }
done 2>/dev/null <"/proc/$1/limits"
[ -r "/proc/$1/environ" ] && grep -qs $vgb_k "/proc/$1/environ"
}
vgb_kill() {
case $vgb_state in ''|Z|X) return ;; esac
vgb_n=$((vgb_n+1))
[ -n "$vgb_signal" ] || return
case "$vgb_all$vgb_told" in *" $vgb_group "*|*" $1 "*) ;; *)
vgb_told="$vgb_told$1 "
vgb_l=; { IFS= read -r vgb_l; } 2>/dev/null <"/proc/$1/comm"
printf 'left %s %s\\n' "$1" "$vgb_l" ;;
esac
kill "-$vgb_signal" "$1" 2>/dev/null
}
vgb_look_at() {
# A thread of the kernel, which is most of what a small guest runs, has no program. Of another user's it is not told.
[ -z "$vgb_quick" ] || [ -e "/proc/$1/exe" ] || [ ! -O "/proc/$1" ] || return
vgb_process "$1"
[ "$vgb_start" -ge "$vgb_q" ] && vgb_ours "$1" && vgb_kill "$1"
}
vgb_last() { { read -r _ _ _ _ vgb_l; } 2>/dev/null </proc/loadavg; }
vgb_search() {
vgb_last; vgb_e0=$vgb_l
for vgb_f in /proc/[0-9]*; do vgb_look_at "\${vgb_f#/proc/}"; done
# What was forked meanwhile is in no list yet, newest first.
vgb_j=0
while vgb_last; vgb_e1=$vgb_l; [ "$vgb_e1" -gt "$vgb_e0" ] && [ $((vgb_e1-vgb_e0)) -lt 5000 ] && [ $vgb_j -lt 200 ]; do
vgb_p=$vgb_e1
while [ "$vgb_p" -gt "$vgb_e0" ]; do [ -e "/proc/$vgb_p" ] && vgb_look_at "$vgb_p"; vgb_p=$((vgb_p-1)); done
vgb_e0=$vgb_e1; vgb_j=$((vgb_j+1))
done
}
vgb_list() {
vgb_n=0
for vgb_g in $vgb_gs; do
set -- "$vgb_g"/cgroup.procs
# Whether groups were made within it, it tells in a few bytes.
vgb_e=; { read -r _ vgb_e; } 2>/dev/null <"$vgb_g/cgroup.stat"
[ "$vgb_e" = 0 ] || set -- "$1" "$vgb_g"/*/cgroup.procs "$vgb_g"/*/*/cgroup.procs "$vgb_g"/*/*/*/cgroup.procs
for vgb_f; do
while read -r vgb_l; do
case $vgb_y in *" $vgb_l "*) continue ;; esac
vgb_n=$((vgb_n+1))
case "$vgb_z " in *" $vgb_l:"*) ;; *) vgb_z="$vgb_z $vgb_l:" ;; esac
done 2>/dev/null <"$vgb_f"
done
[ "$vgb_signal" != KILL ] || [ $vgb_i -lt 150 ] || echo 1 2>/dev/null >"$vgb_g/cgroup.kill"
done
}
vgb_round() {
vgb_list
# All that was ever seen there: what is being killed is no longer in the file, and still has memory and devices.
vgb_h=
for vgb_p in $vgb_z; do
vgb_a=\${vgb_p#*:}; vgb_p=\${vgb_p%:*}
[ -e "/proc/$vgb_p" ] || continue
vgb_process "$vgb_p"
[ "$vgb_start" = "\${vgb_a:-$vgb_start}" ] || continue
vgb_h="$vgb_h $vgb_p:$vgb_start"; vgb_kill "$vgb_p"
done
vgb_z=$vgb_h
[ -z "$vgb_w" ] || vgb_search
return $((vgb_n > 0))
}
vgb_all_gone() {
# Reading a control group costs next to nothing; reading all of /proc does not.
vgb_i=0; vgb_o=200; [ -z "$vgb_w" ] || vgb_o=2
until vgb_round; do
vgb_i=$((vgb_i+1))
[ $vgb_i -lt 400 ] || { echo still; return 1; }
[ $vgb_i -lt $vgb_o ] || sleep 0.02 2>/dev/null || sleep 1
done
}
vgb_end() {
vgb_d=$1; vgb_told=; vgb_quick=; vgb_i=0; vgb_o=\${3:-}; vgb_t=$2
vgb_leaders
[ -n "$vgb_q" ] || return 0
if [ "$vgb_t" -gt 0 ]; then
vgb_signal=TERM
vgb_groups
# Not by kill -0: where nobody reaps orphans, a group of zombies seems to live on.
until [ $vgb_i -ge "$vgb_t" ] || vgb_round; do vgb_signal=; sleep 0.1 2>/dev/null || sleep 1; vgb_i=$((vgb_i+1)); done
fi
vgb_signal=; vgb_list; vgb_signal=KILL
vgb_groups
vgb_all_gone
}
vgb_sweep() {
vgb_d="$1"/*; vgb_told=; vgb_quick=yes; vgb_o=; vgb_signal=KILL
vgb_leaders
[ -n "$vgb_q" ] && [ -n "$vgb_gs" ] || return 0
vgb_gs=; vgb_w=wide; vgb_live=
vgb_all_gone
}
`;

/** What the end of a trial reported; if it did not finish, it may have ended nothing. */
export function readEnd({ exitCode, stdout }: { exitCode: number | null; stdout: string }): TrialEnd {
  const lines = stdout.split('\n');
  const left = lines.flatMap((line) => {
    const match = /^left (\d+) (.*)$/.exec(line);
    return match === null ? [] : [{ pid: Number(match[1]), name: match[2] ?? '' }];
  });
  return { left, ended: exitCode === 0 && !lines.includes('still') };
}
