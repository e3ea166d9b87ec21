/* The clock used by every part of the lab. */
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

/* The cost of one reading here, in ns: the mean of a few, in the best of some rounds, because the first runs
   cold code. */
static inline uint64_t clock_cost_ns(void)
{
	enum { ROUNDS = 4, READINGS = 16 };
	uint64_t best = UINT64_MAX;

	for (int round = 0; round < ROUNDS; round++) {
		uint64_t began = now_ns(), took;

		for (int i = 1; i < READINGS; i++)
			now_ns();
		took = (now_ns() - began) / READINGS;
		best = took < best ? took : best;
	}
	return best;
}

/* Lets time pass as work would. Returns the ns that really passed: more, if something else had the CPU. */
static inline uint64_t spend_us(uint64_t us)
{
	uint64_t began = now_ns(), now = began;

	/* Without a pause: under TCG each leaves the virtual CPU, for a lock that another which polls takes as well. */
	while (now - began < us * 1000)
		now = now_ns();
	return now - began;
}

static inline void nap_us(unsigned int us)
{
	const struct timespec nap = { .tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000l };

	nanosleep(&nap, NULL);
}

#endif
