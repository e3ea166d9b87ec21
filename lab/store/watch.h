/*
 * Notifications when nodes of xenstore change, over a separate connection: the static libxenstore has no
 * thread that would separate a watch's events from the answers to requests.
 */
#ifndef VGPU_WATCH_H
#define VGPU_WATCH_H

#include <stdint.h>

/* To the daemon in dom0; in a guest, through the kernel's device. A descriptor, or -1 with errno. */
int watch_open(void);

/* Adds a node, with everything below it. 0, or -1 with errno. */
int watch_add(int watch, const char *path);

#define WATCH_FOREVER UINT64_MAX

/*
 * Waits until something may have changed: 1. Returns 0 at `until_ns` of now_ns(), and -1 once `quit` is
 * readable. A node that is added may have changed before, so look first; a notification may be spurious.
 */
int watch_wait(int watch, int quit, uint64_t until_ns);

#endif
