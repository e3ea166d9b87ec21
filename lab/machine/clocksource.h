/* This machine's clock, and the cost of reading it: every wait and every phase consists of readings. */
#ifndef VGPU_CLOCKSOURCE_H
#define VGPU_CLOCKSOURCE_H

#include <stddef.h>
#include <stdint.h>

/* The kernel's name of it ("tsc"); "unknown" if it has none. */
void clocksource_name(char *name, size_t size);

/* Nanoseconds per reading of the monotonic clock: the lowest of several averages, so that load does not
   count. */
uint64_t clocksource_reading_ns(void);

#endif
