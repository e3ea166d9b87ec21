#include "wait.h"
#include "clock.h"

#include <errno.h>

#define NAP_MIN_US 50u
#define NAP_MAX_US 1000u
#define NAPS_IN_WAIT 16u

static unsigned int nap_after(uint64_t waited_ns)
{
	uint64_t us = waited_ns / 1000 / NAPS_IN_WAIT;

	return us < NAP_MIN_US ? NAP_MIN_US : us > NAP_MAX_US ? NAP_MAX_US : (unsigned int)us;
}

int wait_on(struct wait *wait, unsigned int spins, uint64_t patience_ns)
{
	uint64_t now;

	if (wait->looks++ < spins) {
		__builtin_ia32_pause();
		return 0;
	}
	now = now_ns();
	if (!wait->began_ns)
		wait->began_ns = now;
	if (now - wait->began_ns > patience_ns)
		return -ETIMEDOUT;
	nap_us(nap_after(now - wait->began_ns));
	return 0;
}
