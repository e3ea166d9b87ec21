/* Which guest has the GPU: time slices in turn, without preemption, as in gVirt's render scheduler. */
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
	int contexts; /* the channel's registers are switched with the GPU; otherwise one guest continues with another's */
	unsigned int switch_us; /* delay added to each switch to another guest */
};

int schedule_init(struct schedule *schedule, const struct card *card, unsigned int quantum_ms, unsigned int hang_ms);

/* Advances work; returns how long it may be left alone, in microseconds, or -1: until something happens. */
int schedule_run(struct schedule *schedule);

#endif
