#include "hang.h"

#include <stdio.h>

#define LOOK_NS 100000000ull

static void look_at(struct hang_watch *watch, const struct card *card, uint32_t c, uint64_t hang_ns)
{
	volatile struct vgpu_channel_regs *regs = card_channel(card, c);

	/* A channel that waits for another's command is READY, not BUSY: only the running one is to blame. */
	if (regs->state != VGPU_CHANNEL_BUSY || regs->stop || regs->spent_ns < hang_ns)
		return;
	watch->hangs++;
	printf("channel %u hangs: stopped\n", c);
	fflush(stdout);
	card_channel_stop(card, c);
}

void hang_look(struct hang_watch *watch, const struct card *card, uint64_t hang_ns)
{
	uint64_t now = now_ns();

	if (now - watch->looked_ns < LOOK_NS)
		return;
	watch->looked_ns = now;
	for (uint32_t c = 1; c < VGPU_CHANNELS; c++)
		look_at(watch, card, c, hang_ns);
}
