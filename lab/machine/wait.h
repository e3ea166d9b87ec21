/*
 * How a program waits for memory to change: it spins, then sleeps between polls. Sleeps grow with the time
 * waited (a sixteenth of it, from 50 us to 1 ms), so that a long wait takes no core from what it waits for,
 * and its end is noticed within 1 ms.
 */
#ifndef VGPU_WAIT_H
#define VGPU_WAIT_H

#include <stdint.h>

struct wait {
	uint64_t looks;
	uint64_t began_ns; /* the first sleep */
};

/* Between polls: pauses, or returns -ETIMEDOUT once `patience_ns` were slept. Begin with a zeroed wait. */
int wait_on(struct wait *wait, unsigned int spins, uint64_t patience_ns);

#endif
