/* Whole messages over a non-blocking Xen vchan: the caller decides what to do while there is no space or no
   data. */
#ifndef VGPU_VCHAN_H
#define VGPU_VCHAN_H

#include <libxenvchan.h>
#include <stdint.h>

/* Waits for the other side; other than 0: give up. */
typedef int (*vchan_wait_fn)(void *context);

/* 0, or -1: the peer is gone, or `wait` gave up. */
int vchan_read_all(struct libxenvchan *channel, void *to, uint64_t bytes, vchan_wait_fn wait, void *context);
int vchan_write_all(struct libxenvchan *channel, const void *from, uint64_t bytes, vchan_wait_fn wait, void *context);

/* Waits until the other side has done something, `quit` is readable (-1: none), or half a second has passed. */
void vchan_doze(struct libxenvchan *channel, int quit);

#endif
