/* What the parts of trace share. */
#ifndef VGPU_TRACE_H
#define VGPU_TRACE_H

#include <stdint.h>

/* trace-ends.c: both ends of pvdrm in one process, of a guest with number 0. A front-end that waits has the other served. */
void ends_open(void);
/* The front-end is loaded anew, with its cache or without. */
void ends_load(uint32_t cache);
/* Whether a page of the window, or of what is granted, is mapped. */
int ends_mapped(uint64_t page);
/* The guest is gone, and nothing is left of it. */
void ends_gone(void);

#endif
