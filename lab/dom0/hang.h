/* Notices a channel that runs one command for too long, and stops it for the sake of others. */
#ifndef VGPU_HANG_H
#define VGPU_HANG_H

#include "card.h"

#define HANG_NS_DEFAULT 2000000000ull

struct hang_watch {
	uint64_t looked_ns;
	uint64_t hangs;
};

/* Cheap enough for a polling loop: looks at the hardware at most ten times a second. */
void hang_look(struct hang_watch *watch, const struct card *card, uint64_t hang_ns);

#endif
