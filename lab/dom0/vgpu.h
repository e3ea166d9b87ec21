/* A virtual GPU: what a mediator shows one guest. Independent of Xen, so that it can be tested anywhere. */
#ifndef VGPU_VGPU_H
#define VGPU_VGPU_H

#include "card.h"
#include "scan.h"
#include "../protocol/crossings.h"

#define VGPU_QUEUE_BYTES (256u << 10)

struct vgpu_guest {
	const struct card *card;
	struct slice slice;
	struct vgpu_channel_regs regs; /* what the guest believes its channel 0 holds */
	uint32_t index;
	int vram_trapped;
	uint32_t fault;       /* sticky: later commands are dropped until the channel is enabled again */
	int wants_reset;      /* requested by the guest: the scheduler stops its commands on the hardware */
	struct vgpu_channel_regs context; /* the channel's registers as this guest left them, restored when it has the GPU again */
	struct crossings *counters;
	uint32_t queue_head, queue_tail; /* scanned, private copies of commands, waiting for their time slice */
	uint8_t queue[VGPU_QUEUE_BYTES];
};

void vgpu_guest_init(struct vgpu_guest *guest, const struct card *card, uint32_t index, uint64_t slice_bytes,
		     int vram_trapped, struct crossings *counters);

/* One trapped access; `offset` is in the window, `size` 1, 2, 4 or 8. */
uint64_t vgpu_guest_read(struct vgpu_guest *guest, uint64_t offset, unsigned int size);
void vgpu_guest_write(struct vgpu_guest *guest, uint64_t offset, unsigned int size, uint64_t value);

/* vgpu-submit.c. The guest's tail moved: copies, checks and queues the commands before it. */
void vgpu_guest_submit(struct vgpu_guest *guest, uint32_t tail);
/* The channel faults, as the hardware's would. */
void vgpu_guest_fail(struct vgpu_guest *guest, uint32_t fault);
static inline void vgpu_guest_count_refused(struct vgpu_guest *guest)
{
	crossings_count(guest->counters, CROSS_REFUSED);
}

/* The next command of the queue, or 0 bytes. */
uint32_t vgpu_guest_next(struct vgpu_guest *guest, struct vgpu_command *command);
static inline int vgpu_guest_pending(const struct vgpu_guest *guest)
{
	return guest->queue_head != guest->queue_tail;
}
void vgpu_guest_drop(struct vgpu_guest *guest, uint32_t fault);

#endif
