/* The machine frames of this process's memory: dom0 is paravirtualised, and its kernel has a table of them. */
#ifndef VGPU_FRAMES_H
#define VGPU_FRAMES_H

#include <stdint.h>

/* Reads the kernel's table; dom0's own memory keeps its frames from then on. 0, or -1 with errno. */
int frames_open(void);

/*
 * The machine frames of `pages` pages of memory from `data` on, which are present and locked. 0, or -1 with
 * errno if one is not dom0's own.
 */
int frames_of(const uint8_t *data, uint32_t pages, uint32_t *frame);

#endif
