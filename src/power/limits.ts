/** How long a guest is waited for, in s. All of one script's together are less than a change may take. */

/** As long as it may take to shut down by itself. */
export const SHUTDOWN_S = 60;
/** As long as it may take to be gone once it is off, or was ended. */
export const GONE_S = 10;
