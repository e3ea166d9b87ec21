import { type GuestClock, clockFunction } from './clock.ts';
import { READ_TEXT_IN_LINES } from './framed-shell.ts';
import { quote } from '../words/quote.ts';

/** What a trial's leader needs to know to run its samples. */
export interface LeaderSettings {
  /** The trial's own directory in the guest, where results are kept until they have been read. */
  directory: string;
  /**
   * It was begun before, over an earlier link or by an earlier session; otherwise it must create its
   * directory.
   */
  begun: boolean;
  /** The workload's command line. */
  command: string;
  /** The directory to run in; the login directory by default. */
  workingDirectory?: string | undefined;
  environment: Readonly<Record<string, string>>;
  clock: GuestClock['source'];
  /** The maximum of its output that is sent, in bytes; one more byte is sent if there is more. */
  outputBytes: number;
  /** The maximum that it may write to any one file, including its output, in bytes. */
  fileBytes: number;
  /** It ends itself, and its group, this long after it began, in case the harness is gone by then. */
  giveUpMs: number;
  /** Identifies its processes, wherever they went; see `Mark`. */
  mark: Mark;
}

/**
 * What every process of a trial has, and no other: an environment variable, and a limit on its resident set,
 * which children always inherit and on which Linux does not act (getrlimit(2): RLIMIT_RSS has no effect since
 * Linux 2.4.30).
 */
export interface Mark {
  text: string;
  /** In KiB, as `ulimit -m` takes it. */
  residentKib: number;
}

/** Where LEADER_SCRIPT is, in the directory of the target's files. */
export const LEADER_FILE = 'leader.sh';

/** Programs of the trial carry this in their environment. */
export const TRIAL_MARK = 'VGPUBENCH_TRIAL';

/**
 * The fields of a process's line in /proc that identify it; sets vgb_state, vgb_parent, vgb_group,
 * vgb_session, vgb_start.
 */
export const READ_PROCESS = `vgb_process() {
vgb_x=; { while IFS= read -r vgb_l; do vgb_x="$vgb_x $vgb_l"; done; } 2>/dev/null <"/proc/$1/stat"
set -- \${vgb_x##*)}
vgb_state=\${1:-}; vgb_parent=\${2:-}; vgb_group=\${3:-}; vgb_session=\${4:-}; vgb_start=\${20:-0}
}`;

const leaderScript = (ours: string) => `[ -z "\${BASH_VERSION:-}" ] || set -o posix
vgb_g=\${1:-}; vgb_u=\${2:-022}; set --
IFS= read -r vgb_n
${READ_TEXT_IN_LINES}
vgb_say() { printf '\\n%s %s\\n' "$vgb_n" "$*"; }
${READ_PROCESS}
vgb_begun_before() {
vgb_i=0
while :; do
{ read -r vgb_p vgb_q; read -r vgb_r vgb_a vgb_t vgb_e; } 2>/dev/null <"$vgb_d/$vgb_k"
[ "\${vgb_e:-}" = . ] && return
if [ -z "\${vgb_p:-}" ]; then
# Made, and not written: there was no room, or it is being written this moment.
[ $vgb_i = 20 ] && { rm -f "$vgb_d/$vgb_k"; vgb_say failed room; exit 1; }
else
vgb_process "$vgb_p"
if [ "$vgb_start" != "$vgb_q" ] || [ "$vgb_state" = Z ]; then
{ read -r vgb_p vgb_q; read -r vgb_r vgb_a vgb_t vgb_e; } 2>/dev/null <"$vgb_d/$vgb_k"
[ "\${vgb_e:-}" = . ] || { vgb_r=lost; vgb_a=; vgb_t=; }
return
fi
fi
vgb_i=$((vgb_i+1))
sleep 0.1 2>/dev/null || sleep 1
done
}
vgb_sample() {
if [ -n "$vgb_b" ]; then
vgb_clock; vgb_say ready "$vgb_k" "$vgb_t"; IFS= read -r vgb_l || exit
fi
vgb_p=$$; vgb_f=
set -C
if echo "$$ $vgb_q0" 2>/dev/null >"$vgb_d/$vgb_k"; then
set +C
vgb_clock; vgb_a=$vgb_t; vgb_work; vgb_r=$?; vgb_clock
echo "$vgb_r $vgb_a $vgb_t ." 2>/dev/null >>"$vgb_d/$vgb_k" || vgb_f=full
else
set +C
[ -e "$vgb_d/$vgb_k" ] || { vgb_say failed room; exit 1; }
vgb_begun_before
fi
if [ -s "$vgb_d/$vgb_p.out" ] || [ -s "$vgb_d/$vgb_p.err" ]; then
vgb_say begin "$vgb_k"
[ -s "$vgb_d/$vgb_p.out" ] && head -c $vgb_o "$vgb_d/$vgb_p.out"
vgb_say out "$vgb_k"
[ -s "$vgb_d/$vgb_p.err" ] && head -c $vgb_o "$vgb_d/$vgb_p.err"
printf '\\n%s end %s %s %s %s %s\\n' "$vgb_n" "$vgb_k" "$vgb_r" "$vgb_a" "$vgb_t" "$vgb_f"
else
printf '\\n%s begin %s\\n\\n%s out %s\\n\\n%s end %s %s %s %s %s\\n' "$vgb_n" "$vgb_k" "$vgb_n" "$vgb_k" "$vgb_n" "$vgb_k" "$vgb_r" "$vgb_a" "$vgb_t" "$vgb_f"
fi
}
vgb_by_line() { (
set -- "$vgb_h" "$vgb_y"
unset -f ${ours}; unset ${ours}
[ -z "$2" ] || eval "export $2"
eval "set --
$1" ) </dev/null >"$vgb_d/$$.out" 2>"$vgb_d/$$.err"; }
vgb_read
eval "$vgb_s"
umask 077
{ { [ -n "$vgb_b" ] && [ -d "$vgb_d" ]; } || mkdir "$vgb_d"; } && vgb_process $$ && vgb_q0=$vgb_start && vgb_l="$$ $vgb_q0 $((vgb_m*1024)) $${TRIAL_MARK} $PPID $vgb_g" && echo "$vgb_l" >"$vgb_d/leader.$$" || { vgb_say failed directory; exit 1; }
umask "$vgb_u"
ulimit -m $vgb_m 2>/dev/null
ulimit -f $vgb_z
(sleep $vgb_w || exit; [ -z "$vgb_g" ] || echo 1 >"$vgb_g/cgroup.kill"; kill -KILL -$$) </dev/null >/dev/null 2>&1 &
[ -z "$vgb_c" ] || cd "$vgb_c" || { vgb_say failed cd; exit 1; }
vgb_j=; [ -z "$vgb_v" ] || { command -v "$vgb_v" >"$vgb_d/$$.out" && read -r vgb_j <"$vgb_d/$$.out"; } 2>/dev/null
case $vgb_j in
*/*) eval "vgb_work() { $vgb_y $vgb_h </dev/null >\\"\\$vgb_d/\\$\\$.out\\" 2>\\"\\$vgb_d/\\$\\$.err\\"; }" ;;
*) vgb_work() { vgb_by_line; } ;;
esac
vgb_say open "$vgb_l"
while IFS=' ' read -r vgb_l vgb_k vgb_b; do [ "$vgb_l" = s ] && vgb_sample; done
`;

/** The names that a workload which is a line of shell would see if they were not unset. */
const OURS = [...new Set(`${leaderScript('')} vgb_clock`.match(/vgb_\w+/g))].join(' ');

/**
 * The program of a trial's leader, the same for all trials: POSIX sh, tested with dash, busybox and bash. It
 * leads its own session, created before anything is timed, in the stream's control group, if there is one,
 * and uses the stream as its stdin and stdout. After its settings it answers each line `s KEY BARRIER`, and
 * starts no process for it but the workload and, if there is output, head:
 *
 * - The file KEY is created with O_EXCL before the workload starts, so that a request repeated over a new
 * link
 *   never runs it twice. It names the leader that runs it and then, as its last line, the exit status and
 *   both
 *   clock readings.
 * - LEADER.out and LEADER.err receive the output: files, so that a cut link neither kills nor blocks the
 * workload.
 *   They are kept until that leader's next run, which is not requested before this one was read.
 * - `ulimit -f` makes the kernel bound what is written, even while nobody watches; head bounds what is sent.
 *
 * Marks are lines that begin with the stream's nonce, which is in no environment, argument or file. A
 * workload that is a line of shell runs in a subshell in which all of our names are unset.
 */
export const LEADER_SCRIPT = leaderScript(OURS);

/**
 * The settings of one trial, as shell text that its leader evaluates: short, because a shell reads it byte by
 * byte.
 */
export function leaderSettings(settings: LeaderSettings): string {
  const { directory, command, workingDirectory, environment, mark } = settings;
  const assignments = Object.entries(environment).map(([name, value]) => `${name}=${quote(value)}`);
  return `vgb_d=${quote(directory)}; vgb_c=${quote(workingDirectory ?? '')}; vgb_b=${settings.begun ? 'begun' : ''}
vgb_w=${Math.ceil(settings.giveUpMs / 1000) + 5}; vgb_m=${mark.residentKib}; vgb_z=${Math.ceil(settings.fileBytes / 512)}; vgb_o=${settings.outputBytes + 1}
vgb_h=${quote(command)}; vgb_y=${quote(assignments.join(' '))}; vgb_v=${plainProgram(command, environment)}
${clockFunction(settings.clock)}`;
}

/**
 * The program of a plain command. If that is a file, the leader itself runs it: one fork fewer than a
 * subshell, which everything else needs, so that an `exit` or a syntax error does not end the leader. Empty
 * if it is not a plain command.
 */
function plainProgram(command: string, environment: Readonly<Record<string, string>>): string {
  const [program = ''] = command.split(' ');
  const plain = !program.includes('=') && /^[A-Za-z0-9_./,:=@%+ -]+$/.test(command);
  // Variables that determine where a program is found, or how its arguments are read, must be set before the
  // line is read.
  return plain && !('PATH' in environment || 'IFS' in environment) ? program : '';
}
