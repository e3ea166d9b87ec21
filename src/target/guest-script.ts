import { type GuestClock, clockFunction } from './clock.ts';
import { exports, quote } from '../words/quote.ts';

/** What a guest's shell needs to know to run the samples of one trial. */
export interface StreamScript {
  nonce: string;
  /** Where the trial's results are kept in the guest until they were read. */
  directory: string;
  /** The workload's command line. */
  command: string;
  /** Where it runs; the login directory by default. */
  workingDirectory?: string | undefined;
  environment: Readonly<Record<string, string>>;
  clock: GuestClock['source'];
  /** The most of its output that is sent, in bytes; one more is sent where there is more. */
  outputBytes: number;
  /** The most that it may write to any one file, its output included, in bytes. */
  fileBytes: number;
  /** Kills everything in the guest after this, in case the harness is gone by then. */
  giveUpMs: number;
}

/** Programs of the trial carry this in their environment, so that those which left the group are found too. */
export const TRIAL_MARK = 'VGPUBENCH_TRIAL';

/**
 * Starts the shell that reads the script below from its stdin. sshd gives each session a process group of its
 * own; where a server does not, setsid does. The workload runs in that group, so one kill reaches it all.
 */
export function streamCommand(shell: string): string {
  return `exec ${shell} -c 'kill -0 -$$ 2>/dev/null && exec ${shell}; exec setsid ${shell}'`;
}

/**
 * POSIX sh, tested with dash, busybox and bash. After it the shell answers each line `s KEY BARRIER`, and
 * starts no process but the workload and, where there is output, head:
 *
 * - The file KEY is made with O_EXCL before the workload starts, so that a request repeated over a new link,
 *   after the old one was cut, never runs it twice. It names the shell that runs it, then, as its last line,
 *   the exit status and both clock readings.
 * - SHELL.out and SHELL.err take the output: files, so that a cut link neither kills nor blocks the workload.
 *   They are kept until that shell's next run, which is not asked for before this one was read.
 * - `ulimit -f` has the kernel bound what is written, also while nobody looks; head bounds what is sent.
 *
 * Marks are lines that begin with the nonce; the nonce is in no environment, argument or file.
 */
export function streamScript(script: StreamScript): string {
  const giveUpS = Math.ceil(script.giveUpMs / 1000) + 5;
  const cd = script.workingDirectory;
  return `[ -z "\${BASH_VERSION:-}" ] || set -o posix
u=$(umask); umask 077
N=${script.nonce}
D=${quote(script.directory)}
mkdir -p "$D" && : >"$D/shell.$$" || { printf '\\n%s failed directory\\n' "$N"; exit 1; }
umask "$u"
(sleep ${giveUpS}; kill -KILL -$$) </dev/null >/dev/null 2>&1 &
${cd === undefined ? '' : `cd ${quote(cd)} || { printf '\\n%s failed cd\\n' "$N"; exit 1; }\n`}\
${exports({ ...script.environment, [TRIAL_MARK]: script.directory })}\
ulimit -f ${Math.ceil(script.fileBytes / 512)}
L=${script.outputBytes + 1}
C=${quote(script.command)}
work() { ( eval "$C" ) </dev/null >"$D/$$.out" 2>"$D/$$.err"; }
${workWithoutFork(script.command)}\
${clockFunction(script.clock)}
begun_before() {
while :; do
kill -0 "\${p:-$$}" 2>/dev/null; alive=$?
e=; { read -r p; read -r r a T e; } <"$D/$k"
[ "$e" = . ] && return
[ $alive = 0 ] || { r=lost; a=; T=; return; }
sleep 0.1 2>/dev/null || sleep 1
done
}
s() {
k=$1
if [ -n "$2" ]; then printf '\\n%s ready %s\\n' "$N" "$k"; read -r g || exit; fi
p=$$
set -C
if echo $$ 2>/dev/null >"$D/$k"; then
set +C
clock; a=$T; work; r=$?; clock
echo "$r $a $T ." >>"$D/$k"
else
set +C
p=; begun_before
fi
if [ -s "$D/$p.out" ] || [ -s "$D/$p.err" ]; then
printf '\\n%s begin %s\\n' "$N" "$k"
[ -s "$D/$p.out" ] && head -c $L "$D/$p.out"
printf '\\n%s out %s\\n' "$N" "$k"
[ -s "$D/$p.err" ] && head -c $L "$D/$p.err"
printf '\\n%s end %s %s %s %s\\n' "$N" "$k" "$r" "$a" "$T"
else
printf '\\n%s begin %s\\n\\n%s out %s\\n\\n%s end %s %s %s %s\\n' "$N" "$k" "$N" "$k" "$N" "$k" "$r" "$a" "$T"
fi
}
printf '\\n%s open %s\\n' "$N" "$$"
`;
}

/**
 * A plain command whose program is a file is run by the shell itself: one fork fewer than `( eval ... )`,
 * which everything else needs, lest an `exit` or a syntax error in it ends the stream's shell.
 */
function workWithoutFork(command: string): string {
  const [program] = command.split(' ');
  if (program === undefined || program.includes('=') || !/^[A-Za-z0-9_./,:=@%+ -]+$/.test(command)) return '';
  return `case $(command -v ${program}) in */*) eval 'work() { ${command} </dev/null >"$D/$$.out" 2>"$D/$$.err"; }' ;; esac\n`;
}

/**
 * Shell text that ends a trial in the guest: every group that its shells led, by TERM and, after
 * `graceMs`, by KILL; then whatever carries the trial's mark and has left the groups; then its files.
 */
export function endScript(directory: string, graceMs: number): string {
  const pauses = Math.ceil(graceMs / 100);
  return `D=${quote(directory)}
each() { for f in "$D"/shell.*; do [ -e "$f" ] && kill "-$1" "-\${f##*.}" 2>/dev/null && o=0; done; return $o; }
${pauses === 0 ? '' : `o=1; each TERM && i=0 && while [ $i -lt ${pauses} ] && { o=1; each 0; }; do sleep 0.1 2>/dev/null || sleep 1; i=$((i+1)); done\n`}\
o=1; each KILL
t=0
while [ $t -lt 3 ]; do
h=
for p in $(grep -ls "${TRIAL_MARK}=$D" /proc/[0-9]*/environ 2>/dev/null); do p=\${p#/proc/}; kill -KILL "\${p%/environ}" 2>/dev/null && h=1; done
[ -n "$h" ] || break
t=$((t+1))
done
rm -rf "$D"
rmdir "\${D%/*}" 2>/dev/null
:
`;
}
