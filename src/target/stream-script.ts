import { NEW_GROUP } from './control-group.ts';
import { LEADER_FILE, READ_PROCESS, TRIAL_MARK } from './leader-script.ts';

export const STREAM_FILE = 'stream.sh';

/**
 * The program of a stream's shell, with the directory of the target's files in vgb_d, and the shell that runs
 * trials in vgb_w. It enters a control group once, because moving a process into one takes ten ms or more;
 * its children are born there. It starts a leader for each line `trial MARK`, which reads what follows, and
 * reports when that is gone. Without setsid, a stream serves one trial, as its session's leader.
 */
export const STREAM_SCRIPT = `[ -z "\${BASH_VERSION:-}" ] || set -o posix
${READ_PROCESS}
${NEW_GROUP}
vgb_process $$
vgb_note="$vgb_d/shell.$$"; vgb_x=\${vgb_d%/*}; vgb_new_group "\${vgb_x##*-}.\${vgb_d##*/}.$$" && echo 0 >"$vgb_g/cgroup.procs"
echo "$$ $vgb_start $vgb_g" >"$vgb_note"
vgb_u=$(umask)
printf '\\n%s open\\n' "$vgb_n"
# A leader that is killed is no news, which some shells tell on stderr.
exec 3>&2 2>/dev/null
while IFS= read -r vgb_l; do
case $vgb_l in
'trial '*)
${TRIAL_MARK}=\${vgb_l#trial }; export ${TRIAL_MARK}
if command -v setsid >/dev/null; then
setsid $vgb_w "$vgb_d/${LEADER_FILE}" "$vgb_g" "$vgb_u" 2>&3 3>&-
printf '\\n%s gone %s\\n' "$vgb_n" $?
else exec $vgb_w "$vgb_d/${LEADER_FILE}" "$vgb_g" "$vgb_u" 2>&3 3>&-
fi ;;
esac
done`;
