/** How long to wait for a guest, in s. All waits of one script together take less than a change may. */

/** The longest time for an orderly shutdown. */
export const SHUTDOWN_S = 60;
/** The longest time until it is gone after it is off, or was ended. */
export const GONE_S = 10;
/** The longest time until it releases a device that is removed while it runs. */
const LET_GO_S = 20;

/** A script that waits until a guest has released a device. @param gone exits with 0 once it has */
export function letGo(gone: string): string {
  return `vgb_i=0
until ${gone}; do vgb_i=$((vgb_i + 1)); [ $vgb_i -le ${LET_GO_S} ] || { echo "it does not release it" >&2; exit 1; }; sleep 1; done`;
}
