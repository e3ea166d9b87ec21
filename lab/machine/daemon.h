/*
 * A program that serves a boundary until it is told to end: vgpu-mode starts it, and finds and ends it again. Its
 * files in VGPU_RUN begin with its role. It holds ROLE.pid locked for as long as
 * it lives, from before it is itself: so who it is can be asked of the kernel, whoever was killed in between.
 */
#ifndef VGPU_DAEMON_H
#define VGPU_DAEMON_H

#include <sys/types.h>

#define DAEMON_IN_DOM0 "daemon"
#define DAEMON_IN_GUEST "front"

/* Its process, or 0. */
pid_t daemon_pid(const char *role);

/*
 * Starts argv[0] and waits until it says that it is ready; what it prints is in ROLE.log. Returns 0, or prints why not,
 * with the last it said, and returns -1; it is ended then.
 */
int daemon_start(const char *role, char *const argv[], unsigned int patience_ms);

/*
 * Ends it, where there is one. 0, or -1 where it, or the last there was, did not put back what it had given: it was
 * killed, or failed.
 */
int daemon_stop(const char *role);

#endif
