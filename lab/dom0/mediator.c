/*
 * mediator [emulate] [slice=MB] [quantum=MS] [context=0|1] [hang=MS] [trap-us=N] [switch-us=N] DOMAIN...:
 * shows each domain its own virtual GPU. context=1, the default: a switch to another guest saves the
 * channel's registers for the old one, and makes the GPU load those of the new one. trap-us and switch-us:
 * delays added to each trap, and to each switch. After gVirt: the slice of VRAM is mapped (unless `emulate`),
 * registers, GTT and the ring's tail are trapped.
 */
#include "../machine/delay.h"
#include "domains.h"
#include "ioreq.h"
#include "schedule.h"
#include "../machine/quit.h"
#include "../machine/ready.h"
#include "../protocol/places.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SLICE_MB_DEFAULT 16
#define SLICE_MB_LEAST 8 /* bounce buffers take 4 */
#define QUANTUM_MS_DEFAULT 15
#define HANG_MS_DEFAULT 2000

struct options {
	int emulate;
	unsigned int slice_mb, quantum_ms, hang_ms, trap_us, switch_us;
	int contexts;
};

struct mediated {
	uint32_t domain;
	struct ioreq_server server;
	struct vgpu_guest vgpu;
	int mapped;
};

static struct mediated guests[GUESTS_MAX];
static unsigned int guest_count;
static unsigned int trap_us;

static uint64_t on_read(void *context, uint64_t address, unsigned int size)
{
	const struct vgpu_guest *guest = context;

	delay_us(guest->counters, trap_us);
	return vgpu_guest_read(context, address - GUEST_WINDOW, size);
}

static void on_write(void *context, uint64_t address, unsigned int size, uint64_t value)
{
	const struct vgpu_guest *guest = context;

	delay_us(guest->counters, trap_us);
	vgpu_guest_write(context, address - GUEST_WINDOW, size, value);
}

static uint64_t slice_gfn(const struct mediated *guest)
{
	return (GUEST_WINDOW + guest->vgpu.slice.base) >> VGPU_PAGE_SHIFT;
}

static int map_slice(xc_interface *xc, const struct card *card, struct mediated *guest, int add)
{
	uint64_t frame = card->window_frame + (guest->vgpu.slice.base >> VGPU_PAGE_SHIFT);
	uint64_t pages = guest->vgpu.slice.bytes >> VGPU_PAGE_SHIFT;

	return add ? guest_map(xc, guest->domain, slice_gfn(guest), frame, pages)
		   : guest_unmap(xc, guest->domain, slice_gfn(guest), frame, pages);
}

static int guest_start(xc_interface *xc, const struct card *card, const char *name, const struct options *options)
{
	struct mediated *guest = &guests[guest_count];
	int domain = domain_find(name);

	if (domain < 0) {
		fprintf(stderr, "mediator: no domain %s\n", name);
		return -1;
	}
	guest->domain = (uint32_t)domain;
	vgpu_guest_init(&guest->vgpu, card, guest_count, (uint64_t)options->slice_mb << 20, options->emulate,
			crossings_open(name));
	if (!options->emulate) {
		int error = map_slice(xc, card, guest, 1);

		if (error) {
			fprintf(stderr, "mediator: mapping the slice of %s: %s\n", name, strerror(-error));
			return -1;
		}
		guest->mapped = 1;
	}
	guest_count++;
	return ioreq_open(&guest->server, guest->domain, GUEST_WINDOW, GUEST_WINDOW + VGPU_WINDOW - 1);
}

static void guests_stop(xc_interface *xc, const struct card *card)
{
	for (unsigned int i = 0; i < guest_count; i++) {
		ioreq_close(&guests[i].server);
		if (guests[i].mapped)
			map_slice(xc, card, &guests[i], 0);
	}
}

/* Waits until a guest asks for something or `quit` is readable, and returns which; a negative time-out means
   none. */
static int serve_guests(int quit, int timeout_us)
{
	struct pollfd events[GUESTS_MAX + 1];
	const struct timespec timeout = { .tv_sec = timeout_us / 1000000, .tv_nsec = timeout_us % 1000000 * 1000l };

	for (unsigned int i = 0; i < guest_count; i++)
		events[i] = (struct pollfd){ .fd = ioreq_fd(&guests[i].server), .events = POLLIN };
	events[guest_count] = (struct pollfd){ .fd = quit, .events = POLLIN };
	if (ppoll(events, guest_count + 1, timeout_us < 0 ? NULL : &timeout, NULL) <= 0)
		return 0;
	for (unsigned int i = 0; i < guest_count; i++)
		if (events[i].revents)
			ioreq_serve(&guests[i].server, on_read, on_write, &guests[i].vgpu);
	return events[guest_count].revents != 0;
}

static int serve(const struct card *card, const struct options *options, int quit)
{
	struct schedule schedule;

	if (schedule_init(&schedule, card, options->quantum_ms, options->hang_ms)) {
		fprintf(stderr, "mediator: the GPU does not start its channel\n");
		return 1;
	}
	for (unsigned int i = 0; i < guest_count; i++)
		schedule.guest[schedule.guests++] = &guests[i].vgpu;
	schedule.contexts = options->contexts;
	schedule.switch_us = options->switch_us;
	trap_us = options->trap_us;
	ready("mediator, %u guests, slice %u MB, quantum %u ms, context %d, adds %u us per trap and %u us per switch",
	      guest_count, options->slice_mb, options->quantum_ms, options->contexts, options->trap_us, options->switch_us);
	while (!serve_guests(quit, schedule_run(&schedule)))
		;
	/* A guest that waits for an answer does so for ever, and guests are paused by now: answers what they asked
	   last. */
	serve_guests(-1, 0);
	return 0;
}

static int option(struct options *options, const char *word)
{
	if (!strcmp(word, "emulate"))
		options->emulate = 1;
	else if (!strncmp(word, "slice=", 6))
		options->slice_mb = (unsigned int)atoi(word + 6);
	else if (!strncmp(word, "quantum=", 8))
		options->quantum_ms = (unsigned int)atoi(word + 8);
	else if (!strncmp(word, "context=", 8))
		options->contexts = atoi(word + 8) != 0;
	else if (!strncmp(word, "hang=", 5))
		options->hang_ms = (unsigned int)atoi(word + 5);
	else if (!strncmp(word, "trap-us=", 8))
		options->trap_us = (unsigned int)atoi(word + 8);
	else if (!strncmp(word, "switch-us=", 10))
		options->switch_us = (unsigned int)atoi(word + 10);
	else
		return 0;
	return 1;
}

static int options_valid(const struct options *options, int count)
{
	uint64_t room = (VGPU_HEAP_END - VGPU_HEAP) >> 20;

	return count > 0 && count <= GUESTS_MAX && options->slice_mb >= SLICE_MB_LEAST &&
	       (uint64_t)options->slice_mb * (unsigned int)count <= room && options->quantum_ms > 0 &&
	       options->quantum_ms <= 10000 && options->hang_ms > 0 && options->hang_ms <= 600000;
}

int main(int argc, char **argv)
{
	struct options options = { .slice_mb = SLICE_MB_DEFAULT, .quantum_ms = QUANTUM_MS_DEFAULT,
				   .hang_ms = HANG_MS_DEFAULT, .contexts = 1 };
	struct card card;
	xc_interface *xc;
	int first = 1, status = 0, quit = quit_open();

	while (first < argc && option(&options, argv[first]))
		first++;
	if (!options_valid(&options, argc - first)) {
		fprintf(stderr, "usage: mediator [emulate] [slice=MB] [quantum=MS] [context=0|1] [hang=MS] [trap-us=N] "
			"[switch-us=N] DOMAIN... (1 to %d)\n", GUESTS_MAX);
		return 2;
	}
	xc = xc_interface_open(NULL, NULL, 0);
	if (!xc || card_open(&card, VGPU_WINDOW) || card_reset(&card))
		return 1;
	for (int i = first; !status && i < argc; i++)
		status = guest_start(xc, &card, argv[i], &options) ? 1 : 0;
	if (!status)
		status = serve(&card, &options, quit);
	guests_stop(xc, &card);
	card_reset(&card);
	xc_interface_close(xc);
	ready_ended();
	return status;
}
