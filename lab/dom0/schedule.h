/* Which guest has the GPU: time slices in turn, without preemption, as gVirt's render scheduler gives them. */
#ifndef VGPU_SCHEDULE_H
#define VGPU_SCHEDULE_H

#include "vgpu.h"

struct schedule {
	const struct card *card;
	struct vgpu_guest *guest[GUESTS_MAX];
	unsigned int guests;
	unsigned int owner;
	uint64_t quantum_ns;
	uint64_t hang_ns;
	uint64_t slice_began_ns;
	uint32_t tail;
	int contexts; /* the channel's registers change hands with the GPU; else one guest goes on with another's */
	unsigned int switch_us; /* what it costs that another guest has the GPU, beside what it has to */
};

int schedule_init(struct schedule *schedule, const struct card *card, unsigned int quantum_ms, unsigned int hang_ms);

/* Moves work on; returns how long it may be left alone, in microseconds, or -1: until something happens. */
int schedule_run(struct schedule *schedule);

#endif
