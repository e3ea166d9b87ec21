/**
 * Shell text that defines `vgb_new_group NAME`: creates a control group below the shell's own, and leaves its
 * path in vgb_g and its version in vgb_v; false if none can be created, or entered.
 */
export const NEW_GROUP = `vgb_new_group() {
vgb_m1=; vgb_m2=; vgb_p1=; vgb_p2=
while read -r vgb_a vgb_b vgb_c vgb_e vgb_l; do
case $vgb_c in cgroup2) vgb_m2=$vgb_b ;; cgroup) case ,$vgb_e, in *,pids,*) vgb_m1=$vgb_b ;; esac ;; esac
done </proc/mounts
while IFS=: read -r vgb_a vgb_b vgb_c; do
case $vgb_a:,$vgb_b, in 0:,,) vgb_p2=\${vgb_c%/} ;; *,pids,*) vgb_p1=\${vgb_c%/} ;; esac
done </proc/self/cgroup
for vgb_v in 2 1; do
case $vgb_v in 2) vgb_g=$vgb_m2; vgb_c=$vgb_p2 ;; 1) vgb_g=$vgb_m1; vgb_c=$vgb_p1 ;; esac
[ -n "$vgb_g" ] && [ -w "$vgb_g$vgb_c" ] || continue
vgb_g=$vgb_g$vgb_c/vgpubench.$1
# Before it is made, lest it is left behind.
[ -z "\${vgb_note:-}" ] || echo "$$ $vgb_start $vgb_g" >"$vgb_note"
mkdir "$vgb_g" || continue
( echo 0 >"$vgb_g/cgroup.procs" ) && return
rmdir "$vgb_g"
done
vgb_g=; vgb_v=
return 1
} 2>/dev/null`;
