/**
 * What is done in dom0: scripts for POSIX sh. Source: CPFL/pvdrm at 834a59f5, tools/vdrm and
 * backend/pvdrm_back_drv.c.
 */
import type { Power } from '../../power/power.ts';
import { quote } from '../../words/quote.ts';
import type { PvdrmSpec } from './kind.ts';

/**
 * Time limits, in s: for front-end and back-end to connect, and for the back-end to stop, which ends the
 * current request.
 */
const CONNECT_S = 30;
const STOP_S = 15;
/** For one that was asked to stop before, and did not, in s. */
const STILL_S = 1;

export const BACK = '/sys/module/pvdrm_back';
const ATTACHED = '/sys/bus/xen-backend/devices/vdrm-';

/**
 * Sets $u to the guest's domain ID, empty if it is off, and $f and $b to the nodes of its front-end and
 * back-end.
 */
export function nodes(domain: string): string {
  return `u=$(xl domid ${quote(domain)} 2>/dev/null) || u=
f=/local/domain/$u/device/vdrm/0 b=/local/domain/0/backend/vdrm/$u/0`;
}

/** Loads the back-end; reloads it if its option differs, which requires that no guest is attached. */
export function loadBack(sequential: boolean): string {
  const wanted = sequential ? 1 : 0;
  return `if [ -d ${BACK} ]; then
  s=$(cat ${BACK}/parameters/sequential)
  [ "$s" != ${wanted} ] || exit 0
  for d in ${ATTACHED}*; do
    [ ! -e "$d" ] || { echo "pvdrm-back is in use with sequential=$s, by $\{d##*/}: it can be loaded with sequential=${wanted} once no guest is attached" >&2; exit 1; }
  done
  modprobe -r pvdrm-back || exit 1
fi
modprobe pvdrm-back sequential=${wanted}`;
}

/** The back-end as it was. @param before its option, empty if it was not loaded */
export function unloadBack(before: string): string {
  if (before !== '') return loadBack(before !== '0');
  return `[ ! -d ${BACK} ] || modprobe -r pvdrm-back`;
}

/** The steps of tools/vdrm, in its order, and then waits until both sides are connected. */
export function attach(domain: string, { device }: PvdrmSpec): string {
  return `${nodes(domain)}
[ -n "$u" ] || { echo ${quote(`${domain} is off`)} >&2; exit 1; }
[ ! -e ${ATTACHED}$u-0 ] || { echo "the back-end already serves it: vdrm-$u-0" >&2; exit 1; }
for n in $f /local/domain/0/backend/vdrm/$u /local/domain/0/error/backend/vdrm/$u; do xenstore-rm $n 2>/dev/null; done
xenstore-write $f/backend-id 0 && xenstore-write $f/error 0 && xenstore-write $f/backend $b &&
xenstore-write $b/frontend-id $u && xenstore-write $b/frontend $f && xenstore-write $b/device-path ${quote(device)} &&
xenstore-chmod $b r && xenstore-chmod $f b &&
xenstore-write $f/state 1 && xenstore-write $b/state 1 || exit 1
i=0
while [ "$(xenstore-read $f/state) $(xenstore-read $b/state)" != "4 4" ]; do
  i=$((i + 1))
  e=$(xenstore-read /local/domain/0/error/backend/vdrm/$u/0/error 2>/dev/null)
  [ $i -le ${CONNECT_S * 5} ] && [ -z "$e" ] || { echo "front-end and back-end are in states $(xenstore-read $f/state) and $(xenstore-read $b/state), but should reach 4: $e" >&2; exit 1; }
  sleep 0.2 2>/dev/null || sleep 1
done`;
}

/**
 * Stops the back-end from serving, which is requested through the front-end's state, and waits for the end of
 * its main loop, after which it unregisters its device. A front-end that vanishes earlier leaves that loop
 * running on freed memory.
 */
function stopServing(domain: string, allow: PvdrmSpec['allow']): string {
  return `${nodes(domain)}
if [ -n "$u" ] && [ -e ${ATTACHED}$u-0 ]; then
  most=${STILL_S * 5}
  [ "$(xenstore-read $f/state)" = 6 ] || { most=${STOP_S * 5}; xenstore-write $f/state 6; }
  i=0
  while [ -e ${ATTACHED}$u-0 ] && [ $i -lt $most ]; do i=$((i + 1)); sleep 0.2 2>/dev/null || sleep 1; done
  if [ -e ${ATTACHED}$u-0 ]; then
    echo "the back-end does not stop serving ${domain}: its main loop has not ended. To end the guest now can crash this host" >&2
    ${allow === 'host-reset' ? ':' : 'exit 1'}
  fi
fi`;
}

/**
 * Removes what is left in xenstore of guests that are gone. A back-end that is still serving one is reported.
 */
const SWEEP = `for n in $(xenstore-list /local/domain/0/backend/vdrm 2>/dev/null); do
  ! xl domname $n >/dev/null 2>&1 || continue
  [ ! -e ${ATTACHED}$n-0 ] || { echo "the back-end serves domain $n, which is gone: reboot this host" >&2; exit 1; }
  xenstore-rm /local/domain/0/backend/vdrm/$n
done`;

/**
 * The safe way back: stop serving, restart the guest, remove both subtrees. Otherwise stale nodes would stay.
 * @param back Whether it should be on in the end.
 */
export function detach(domain: string, power: Power, allow: PvdrmSpec['allow'], back: boolean): string {
  return `( ${stopServing(domain, allow)}
( ${power.shutdown}
) || exit 1
${back ? `( ${power.start}\n) || exit 1` : ':'}
[ -z "$u" ] || xenstore-rm $f 2>/dev/null
[ -z "$u" ] || xenstore-rm /local/domain/0/backend/vdrm/$u 2>/dev/null
${SWEEP}
)`;
}

/** Ends a guest that does not answer, with the same precautions. */
export function end(domain: string, power: Power, allow: PvdrmSpec['allow']): string {
  return `( ${stopServing(domain, allow)}
${power.shutdown}
)`;
}
