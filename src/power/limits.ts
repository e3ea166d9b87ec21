/** How long a guest is waited for, in s. All of one script's together are less than a change may take. */

/** As long as it may take to shut down by itself. */
export const SHUTDOWN_S = 60;
/** As long as it may take to be gone once it is off, or was ended. */
export const GONE_S = 10;
/** As long as it may take to let go of a device that is taken from it while it runs. */
const LET_GO_S = 20;

/** A script that waits until a guest has let go of a device. @param gone exits with 0 once it has */
export function letGo(gone: string): string {
  return `vgb_i=0
until ${gone}; do vgb_i=$((vgb_i + 1)); [ $vgb_i -le ${LET_GO_S} ] || { echo "it does not let go of it" >&2; exit 1; }; sleep 1; done`;
}
