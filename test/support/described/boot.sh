#!/bin/sh
# boot.sh DIRECTORY COMMAND...: the command with what DIRECTORY describes in the place of this machine's own.
d=$1
shift
set -e
mount --make-rprivate /
mount -t proc proc /proc
mount -t tmpfs -o mode=1777 shm /dev/shm
for own in devices fs/cgroup; do mount --rbind /sys/$own "$d/sys/$own"; done
mount --rbind "$d/sys" /sys
mount --bind "$d/kmsg" /dev/kmsg
mount --bind "$d/boot_id" /proc/sys/kernel/random/boot_id
mount --bind "$d/cpuinfo" /proc/cpuinfo
mount --bind "$d/interrupts" /proc/interrupts
mount --bind "$d/kallsyms" /proc/kallsyms
for own in etc opt boot; do mount --bind "$d/$own" /$own; done
exec "$@"
