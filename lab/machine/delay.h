/* A configured delay of a boundary. Its actual length is counted, because a busy host makes it longer than
   requested. */
#ifndef VGPU_DELAY_H
#define VGPU_DELAY_H

#include "clock.h"
#include "../protocol/crossings.h"

static inline void delay_us(struct crossings *counters, uint64_t us)
{
	if (us)
		crossings_add(counters, CROSS_DELAYED_NS, spend_us(us));
}

#endif
