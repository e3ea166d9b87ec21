/*
 * Being told when nodes of xenstore change, over a connection of its own: libxenstore's, as it is for static programs,
 * has no thread that would tell a watch's events from the answers to requests.
 */
#ifndef VGPU_WATCH_H
#define VGPU_WATCH_H

#include <stdint.h>

/* To the daemon in dom0, by the kernel's device in a guest. A descriptor, or -1 with errno. */
int watch_open(void);

/* One more node, with what is below it. 0, or -1 with errno. */
int watch_add(int watch, const char *path);

#define WATCH_FOREVER UINT64_MAX

/*
 * Until something may have changed: 1. At `until_ns` of now_ns() it is 0, and -1 once `quit` can be read. A node that
 * is added may have changed before, so look first; what is told of may be as it was.
 */
int watch_wait(int watch, int quit, uint64_t until_ns);

#endif
