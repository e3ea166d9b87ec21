/*
 * A program that serves a boundary until told to end: vgpu-mode starts it, and later finds and ends it. Its
 * files in VGPU_RUN begin with its role. It keeps ROLE.pid locked as long as it lives, from before it starts:
 * so the kernel can say who it is, even if others were killed in between.
 */
#ifndef VGPU_DAEMON_H
#define VGPU_DAEMON_H

#include <sys/types.h>

#define DAEMON_IN_DOM0 "daemon"
#define DAEMON_IN_GUEST "front"

/* Its process, or 0. */
pid_t daemon_pid(const char *role);

/*
 * Starts argv[0] and waits until it reports that it is ready; its output is in ROLE.log. Returns 0, or prints
 * the reason and its last output, and returns -1; it is then ended.
 */
int daemon_start(const char *role, char *const argv[], unsigned int patience_ms);

/*
 * Ends it, if there is one. 0, or -1 if it, or the last one, did not undo everything because it was killed,
 * or failed.
 */
int daemon_stop(const char *role);

#endif
