/* A guest that owns the whole card: nothing to protect but the GPU's own process. */
#include "fuzz.h"

#include <string.h>
#include <unistd.h>

#define DRAIN_TRIES 200

static void settle(uint32_t channel)
{
	volatile struct vgpu_channel_regs *regs = card_channel(&card, channel);

	for (int tries = 0; tries < DRAIN_TRIES && regs->head != regs->tail; tries++)
		usleep(50);
	regs->stop = 1;
	for (int tries = 0; tries < DRAIN_TRIES && regs->stop; tries++)
		usleep(50);
}

static void one_round(void)
{
	volatile struct vgpu_channel_regs *regs = card_channel(&card, 5);
	volatile uint64_t *gtt = card_gtt(&card, 5);
	struct vgpu_command command;

	for (int i = 0; i < 64; i++)
		gtt[below(VGPU_WINDOW_PAGES)] = below(3) ? VGPU_PTE(below(VGPU_WINDOW_PAGES)) : rnd();
	for (uint64_t page = VGPU_HEAP >> 12; page < (VGPU_HEAP + SLICE) >> 12; page++)
		if (below(16))
			gtt[page] = VGPU_PTE(below(4) ? page : below(VGPU_WINDOW_PAGES));
	memset(gpu.iommu, 0xff, (FUZZ_RAM / 2 >> 12) / 8);
	for (int i = 0; i < 64; i++)
		gtt[(VGPU_HEAP >> 12) + below(SLICE >> 12)] = VGPU_PTE_OF_HOST(below(FUZZ_RAM >> 11));
	if (card_channel_start(&card, 5))
		return;
	if (!below(8)) { /* registers that can't be right */
		regs->ring_base = rnd();
		regs->gtt_base = rnd();
		regs->ring_bytes = (uint32_t)rnd();
		regs->enable = 1;
	}
	for (int i = 0; i < 20; i++) {
		uint32_t tail = regs->tail, bytes = make_command(&command);

		if (bytes > sizeof(command))
			bytes = sizeof(command);
		for (uint32_t b = 0; b < bytes; b++)
			card.window[VGPU_RING(5) + ((tail + b) & (VGPU_RING_BYTES - 1))] = ((uint8_t *)&command)[b];
		regs->tail = below(50) ? tail + bytes : (uint32_t)rnd();
	}
	settle(5);
	check_host();
}

uint64_t fuzz_engine(uint64_t until)
{
	uint64_t rounds = 0;

	for (; now_ns() < until; rounds++)
		one_round();
	card_reset(&card);
	return rounds;
}
