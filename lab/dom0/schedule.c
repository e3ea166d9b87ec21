#include "schedule.h"
#include "../machine/delay.h"
#include "../machine/wait.h"

#include <stdio.h>
#include <string.h>

#define CHANNEL 0
#define PATIENCE_MS 1000
/* While others wait, no more than this goes to the hardware at once: it can't be taken back. */
#define TURN_BYTES 1024u
#define LOOK_AGAIN_BUSY_US 5000
#define LOOK_AGAIN_SHARED_US 200

static int start_channel(struct schedule *schedule)
{
	schedule->tail = 0;
	return card_channel_start(schedule->card, CHANNEL);
}

int schedule_init(struct schedule *schedule, const struct card *card, unsigned int quantum_ms, unsigned int hang_ms)
{
	memset(schedule, 0, sizeof(*schedule));
	schedule->card = card;
	schedule->quantum_ns = quantum_ms * 1000000ull;
	schedule->hang_ns = hang_ms * 1000000ull;
	return start_channel(schedule);
}

static uint32_t hardware_head(const struct schedule *schedule)
{
	return __atomic_load_n(&card_channel(schedule->card, CHANNEL)->head, __ATOMIC_ACQUIRE);
}

static int drained(const struct schedule *schedule)
{
	return hardware_head(schedule) == schedule->tail;
}

static struct vgpu_guest *owner(struct schedule *schedule)
{
	return schedule->guest[schedule->owner];
}

/* A fault on the hardware is the owner's: it is reported, and the channel is restarted for the next guest. */
static void take_fault(struct schedule *schedule)
{
	volatile struct vgpu_channel_regs *regs = card_channel(schedule->card, CHANNEL);

	if (regs->state != VGPU_CHANNEL_FAULTED)
		return;
	vgpu_guest_drop(owner(schedule), regs->fault_code);
	if (start_channel(schedule))
		fprintf(stderr, "mediator: the GPU does not start its channel again\n");
}

static int stopping(const struct schedule *schedule)
{
	return __atomic_load_n(&card_channel(schedule->card, CHANNEL)->stop, __ATOMIC_ACQUIRE) || !drained(schedule);
}

/*
 * Aborts the owner's commands on the hardware; the fences after them are written with the fault. Also waits
 * until the stop has taken effect: a pending one would hit the next owner.
 */
static void abort_owner(struct schedule *schedule)
{
	struct wait wait = { 0 };

	card_channel_stop(schedule->card, CHANNEL);
	while (stopping(schedule) && !wait_on(&wait, 0, PATIENCE_MS * 1000000ull))
		;
	take_fault(schedule);
}

static void watch(struct schedule *schedule)
{
	uint64_t spent_ns = __atomic_load_n(&card_channel(schedule->card, CHANNEL)->spent_ns, __ATOMIC_RELAXED);

	if (drained(schedule) || spent_ns < schedule->hang_ns)
		return;
	printf("mediator: vgpu %u hangs: reset\n", owner(schedule)->index);
	fflush(stdout);
	abort_owner(schedule);
}

static void resets(struct schedule *schedule)
{
	for (unsigned int i = 0; i < schedule->guests; i++) {
		struct vgpu_guest *guest = schedule->guest[i];

		if (!guest->wants_reset)
			continue;
		guest->wants_reset = 0;
		if (i == schedule->owner && !drained(schedule))
			abort_owner(schedule);
		if (guest->regs.enable == VGPU_ENABLED) { /* a fresh start, unaffected by what was aborted */
			guest->fault = 0;
			guest->regs.state = VGPU_CHANNEL_READY;
			guest->regs.fault_code = 0;
		}
	}
}

static int others_pending(const struct schedule *schedule)
{
	for (unsigned int i = 0; i < schedule->guests; i++)
		if (i != schedule->owner && vgpu_guest_pending(schedule->guest[i]))
			return 1;
	return 0;
}

/* The channel's counts belong to its current owner. */
static void save_context(const struct schedule *schedule, struct vgpu_channel_regs *context)
{
	volatile struct vgpu_channel_regs *regs = card_channel(schedule->card, CHANNEL);

	context->commands = regs->commands;
	context->launches = regs->launches;
	context->busy_ns = regs->busy_ns;
}

/* Loading a ring and a page table is done by the GPU on request. The ring is empty, because it was drained. */
static void load_context(struct schedule *schedule, const struct vgpu_channel_regs *context)
{
	volatile struct vgpu_channel_regs *regs = card_channel(schedule->card, CHANNEL);

	if (start_channel(schedule)) {
		fprintf(stderr, "mediator: the GPU does not load a guest's registers\n");
		return;
	}
	regs->commands = context->commands;
	regs->launches = context->launches;
	regs->busy_ns = context->busy_ns;
}

static void switch_to(struct schedule *schedule, unsigned int next)
{
	if (schedule->contexts) {
		save_context(schedule, &owner(schedule)->context);
		load_context(schedule, &schedule->guest[next]->context);
	}
	delay_us(schedule->guest[next]->counters, schedule->switch_us);
}

static void turn_over(struct schedule *schedule)
{
	for (unsigned int step = 1; step <= schedule->guests; step++) {
		unsigned int next = (schedule->owner + step) % schedule->guests;

		if (!vgpu_guest_pending(schedule->guest[next]))
			continue;
		if (next != schedule->owner)
			switch_to(schedule, next);
		schedule->owner = next;
		schedule->slice_began_ns = now_ns();
		return;
	}
}

static void feed(struct schedule *schedule, uint32_t room)
{
	struct vgpu_guest *guest = owner(schedule);
	uint32_t before = schedule->tail;
	struct vgpu_command command;

	while (schedule->tail - before < room && vgpu_guest_pending(guest)) {
		uint32_t bytes = vgpu_guest_next(guest, &command);

		if (bytes && card_put(schedule->card, CHANNEL, &schedule->tail, &command, bytes, PATIENCE_MS))
			break;
	}
	if (schedule->tail != before)
		card_submit(schedule->card, CHANNEL, schedule->tail);
}

int schedule_run(struct schedule *schedule)
{
	int shared;

	resets(schedule);
	watch(schedule);
	shared = others_pending(schedule);
	if (drained(schedule)) {
		take_fault(schedule);
		if (shared && (!vgpu_guest_pending(owner(schedule)) ||
			       now_ns() - schedule->slice_began_ns > schedule->quantum_ns)) {
			turn_over(schedule);
			shared = others_pending(schedule);
		}
		feed(schedule, shared ? TURN_BYTES : VGPU_RING_BYTES / 2);
	} else if (!shared && vgpu_guest_pending(owner(schedule)) &&
		   schedule->tail - hardware_head(schedule) < VGPU_RING_BYTES / 4) {
		feed(schedule, VGPU_RING_BYTES / 4);
	}
	if (drained(schedule) && !others_pending(schedule) && !vgpu_guest_pending(owner(schedule)))
		return -1;
	return shared ? LOOK_AGAIN_SHARED_US : LOOK_AGAIN_BUSY_US;
}
