/* Two guests behind the mediator take turns: the channel's counts belong only to the guest that has the GPU. */
#include "fuzz.h"
#include "../dom0/schedule.h"

#include <string.h>
#include <unistd.h>

static void queue_launches(struct vgpu_guest *guest, int launches)
{
	const struct vgpu_command launch = {
		.header = { .opcode = VGPU_LAUNCH, .bytes = sizeof(struct vgpu_header) + 8 },
		.launch = { .kernel = VGPU_KERNEL_NOP },
	};

	for (; launches; launches--) {
		memcpy(guest->queue + guest->queue_tail, &launch, launch.header.bytes);
		guest->queue_tail += launch.header.bytes;
	}
}

static void run_out(struct schedule *schedule)
{
	int looks = 0;

	while (schedule_run(schedule) >= 0 && looks++ < 10000)
		usleep(100);
	must(looks < 10000, "guests that take turns don't come to an end");
}

void check_contexts(void)
{
	static struct vgpu_guest guest[2];
	static struct crossings counters;
	struct schedule schedule;

	must(!schedule_init(&schedule, &card, 5, 50), "the GPU does not start its channel");
	schedule.contexts = 1;
	for (uint32_t i = 0; i < 2; i++) {
		vgpu_guest_init(&guest[i], &card, i, SLICE, 0, &counters);
		schedule.guest[schedule.guests++] = &guest[i];
	}
	queue_launches(&guest[0], 3);
	run_out(&schedule);
	queue_launches(&guest[1], 5);
	run_out(&schedule);
	must(guest[0].context.launches == 3, "the first guest's launches were not saved");
	must(card_channel(&card, 0)->launches == 5, "the channel counts another guest's launches");
	queue_launches(&guest[0], 2);
	run_out(&schedule);
	must(guest[1].context.launches == 5, "the second guest's launches were not saved");
	must(card_channel(&card, 0)->launches == 5, "the first guest's launches were not loaded again");
	card_reset(&card);
}
