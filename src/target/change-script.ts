/**
 * `vgb_change FILE SCRIPT`, POSIX sh: runs a script with its output in FILE.out and FILE.err, and exits with
 * its status.
 */
export const CHANGE_SCRIPT = `vgb_change() {
vgb_f=$1
( vgb_s=$2; set --; eval "$vgb_s" ) >"$vgb_f.out" 2>"$vgb_f.err"; vgb_r=$?
[ -s "$vgb_f.out" ] && head -c 65536 "$vgb_f.out"
[ -s "$vgb_f.err" ] && head -c 65536 "$vgb_f.err" >&2
return $vgb_r
}`;
