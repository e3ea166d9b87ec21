#!/bin/sh
# supervise.sh DIRECTORY COMMAND...: a machine that is switched on and off by words written to DIRECTORY/power.
d=$1
off() {
  [ -n "$p" ] || return 0
  # Stopped first, so that its children are known, and end with it, however young.
  kill -STOP $p 2>/dev/null
  kill -9 $(cat /proc/$p/task/$p/children 2>/dev/null) $p 2>/dev/null
  wait $p 2>/dev/null
  p=
}
trap 'off; exit 0' TERM
exec 4<>"$d/power"
while :; do
  read -r word <&4 || continue
  off
  [ "$word" = off ] && continue
  unshare --mount --pid --fork --kill-child sh "${0%/*}/boot.sh" "$@" 4<&- &
  p=$!
done
