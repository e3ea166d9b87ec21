/* tsc-rate: the kHz of this machine's time-stamp counter, which emulated machines use as their clock. */
#include "../machine/clock.h"

#include <inttypes.h>
#include <stdio.h>

#define SPAN_US 50000

struct moment {
	uint64_t ns, ticks;
};

/* The reading with the fewest ticks was not interrupted. */
static struct moment moment(void)
{
	struct moment best = { 0, 0 };
	uint64_t least = UINT64_MAX;

	for (int i = 0; i < 50; i++) {
		uint64_t before = __builtin_ia32_rdtsc(), ns = now_ns(), took = __builtin_ia32_rdtsc() - before;

		if (took < least) {
			least = took;
			best = (struct moment){ ns, before + took / 2 };
		}
	}
	return best;
}

int main(void)
{
	struct moment from = moment(), to;

	nap_us(SPAN_US);
	to = moment();
	printf("%" PRIu64 "\n", (to.ticks - from.ticks) * 1000000 / (to.ns - from.ns));
	return 0;
}
