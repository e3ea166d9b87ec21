/*
 * A watch in xenstore by its protocol (xen/io/xs_wire.h), over a connection of its own. Not by the static libxenstore:
 * it has no thread, and takes an event that comes before an answer for the answer, as the kernel may well send them.
 */
#ifndef VGPU_WATCH_H
#define VGPU_WATCH_H

/* A descriptor of the watch, or -1 with errno. */
int watch_open(const char *path);

/* Waits until what is watched has changed, as it seems to have once at the beginning. 0, or -1 with errno. */
int watch_wait(int watch);

#endif
