/* The clock every part of the lab tells time by. */
#ifndef VGPU_CLOCK_H
#define VGPU_CLOCK_H

#include <stdint.h>
#include <time.h>

static inline uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000ull + (uint64_t)now.tv_nsec;
}

/* What one reading costs here, in ns: the mean of a few, one after the other. */
static inline uint64_t clock_cost_ns(void)
{
	enum { READINGS = 64 };
	uint64_t began = now_ns();

	for (int i = 1; i < READINGS; i++)
		now_ns();
	return (now_ns() - began) / READINGS;
}

static inline void nap_us(unsigned int us)
{
	const struct timespec nap = { .tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000l };

	nanosleep(&nap, NULL);
}

#endif
