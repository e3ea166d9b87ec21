/* What this machine tells time by, and what a look at it costs: every wait and every phase is made of such looks. */
#ifndef VGPU_CLOCKSOURCE_H
#define VGPU_CLOCKSOURCE_H

#include <stddef.h>
#include <stdint.h>

/* The kernel's name of it ("tsc"); "unknown" where it tells none. */
void clocksource_name(char *name, size_t size);

/* Nanoseconds a reading of the monotonic clock: the least of several averages, so that load does not count. */
uint64_t clocksource_reading_ns(void);

#endif
