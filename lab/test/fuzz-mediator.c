/* A guest behind the mediator: it must not reach its neighbour's slice. */
#include "fuzz.h"
#include "../dom0/schedule.h"

#include <stddef.h>
#include <string.h>
#include <unistd.h>

#define NEIGHBOUR_BYTE 0x5a

static void check_neighbour(void)
{
	for (uint64_t i = 0; i < SLICE; i++)
		must(card.window[VGPU_HEAP + SLICE + i] == NEIGHBOUR_BYTE, "a guest wrote its neighbour's slice");
}

/* No guest here has host memory: no entry of the table may name it. */
static void check_table(void)
{
	for (uint64_t page = 0; page < VGPU_WINDOW_PAGES; page++)
		must(!(card_gtt(&card, 0)[page] & VGPU_PTE_HOST), "a guest bound memory of the host");
}

static uint64_t slice_page(void)
{
	return (VGPU_HEAP >> 12) + below(SLICE >> 12);
}

static void mediated_write(struct vgpu_guest *guest)
{
	static const uint64_t regs[] = { 0, 8, 16, 20, 24, 28, 32 };
	static const unsigned int sizes[] = { 1, 2, 4, 8 };

	switch (below(5)) {
	case 0:
		vgpu_guest_write(guest, below(VGPU_WINDOW), sizes[below(4)], rnd());
		break;
	case 1:
		vgpu_guest_write(guest, VGPU_GTT(0) + below(VGPU_WINDOW_PAGES) * 8, 8, rnd() % (2ull << 28));
		break;
	case 2:
		vgpu_guest_write(guest, VGPU_CHANNEL(0) + regs[below(7)], sizes[below(4)], address());
		break;
	case 3:
		vgpu_guest_write(guest, VGPU_GTT(0) + slice_page() * 8, 8, VGPU_PTE_OF_HOST(slice_page()));
		break;
	default:
		vgpu_guest_read(guest, below(2) ? below(VGPU_WINDOW) : VGPU_PVINFO + below(80), sizes[below(4)]);
	}
}

static void start_ring(struct vgpu_guest *guest)
{
	vgpu_guest_write(guest, VGPU_CHANNEL(0) + offsetof(struct vgpu_channel_regs, ring_base), 8, VGPU_HEAP);
	vgpu_guest_write(guest, VGPU_CHANNEL(0) + offsetof(struct vgpu_channel_regs, ring_bytes), 4, VGPU_RING_BYTES);
	vgpu_guest_write(guest, VGPU_CHANNEL(0) + offsetof(struct vgpu_channel_regs, enable), 4, 1);
	for (uint64_t page = VGPU_HEAP >> 12; page < (VGPU_HEAP + SLICE) >> 12; page++)
		vgpu_guest_write(guest, VGPU_GTT(0) + page * 8, 8, VGPU_PTE(page));
}

static void one_round(struct vgpu_guest *guest, struct schedule *schedule)
{
	struct vgpu_command command;
	uint32_t tail = 0;

	start_ring(guest);
	for (int i = 0; i < 40; i++) {
		uint32_t bytes = make_command(&command);

		if (below(4) == 0)
			mediated_write(guest);
		if (bytes > sizeof(command))
			bytes = sizeof(command);
		for (uint32_t b = 0; b < bytes; b++)
			card.window[VGPU_HEAP + ((tail + b) & (VGPU_RING_BYTES - 1))] = ((uint8_t *)&command)[b];
		tail += bytes;
		vgpu_guest_write(guest, VGPU_CHANNEL(0) + offsetof(struct vgpu_channel_regs, tail), 4,
				 below(60) ? tail : rnd());
		schedule_run(schedule);
	}
	for (int i = 0; i < 100 && schedule_run(schedule) >= 0; i++)
		usleep(50);
	check_neighbour();
	check_table();
}

uint64_t fuzz_mediator(uint64_t until)
{
	static struct vgpu_guest guest;
	static struct crossings counters;
	struct schedule schedule;
	uint64_t rounds = 0;

	memset(card.window + VGPU_HEAP + SLICE, NEIGHBOUR_BYTE, SLICE);
	vgpu_guest_init(&guest, &card, 0, SLICE, 0, &counters);
	/* There is one table for all, and the neighbour has bound its pages: only the scan stands in the way. */
	for (uint64_t page = (VGPU_HEAP + SLICE) >> 12; page < VGPU_WINDOW_PAGES; page++)
		card_gtt(&card, 0)[page] = VGPU_PTE(page);
	must(!schedule_init(&schedule, &card, 5, 50), "the GPU does not start its channel");
	schedule.guest[schedule.guests++] = &guest;
	for (; now_ns() < until; rounds++) {
		one_round(&guest, &schedule);
		check_canary();
	}
	card_reset(&card);
	return rounds;
}
