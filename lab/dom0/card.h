/* dom0's hold on the GPU: its window, its doorbell, its channels, and who may see which page. */
#ifndef VGPU_CARD_H
#define VGPU_CARD_H

#include <stdint.h>
#include "../abi/abi.h"
#include "../machine/clock.h"

#define GUESTS_MAX 7 /* served at once, by whichever program */

struct card {
	uint8_t *window;
	volatile uint32_t *doorbell;
	uint64_t window_frame; /* machine frame of the window's first page */
	uint64_t doorbell_frame;
	struct card_heap *heap; /* what of it is mapped; NULL: all of the window is */
};

/*
 * Maps the window's first `bytes`, of its heap no part before it is asked for: dom0 pays for each page when it is mapped
 * and when it is unmapped, a tenth of a second for all of them. Returns 0, or prints why not and returns -1.
 */
int card_open(struct card *card, uint64_t bytes);
/* Where `bytes` of the window are, of those that card_open was asked for; any thread may ask. */
uint8_t *card_at(const struct card *card, uint64_t at, uint64_t bytes);
/* Whether the page that is nobody's holds what the GPU put there: "whole" or "written"; NULL: it can't be mapped. */
const char *card_canary(void);
void card_bell(const struct card *card, uint32_t vector);

/* The whole GPU, as at power on. Returns 0, or -1 when it does not answer within a second. */
int card_reset(const struct card *card);

/* Starts a channel on the ring and the GTT that have its number; its tail is 0 then. */
int card_channel_start(const struct card *card, uint32_t channel);
void card_channel_stop(const struct card *card, uint32_t channel);

static inline volatile struct vgpu_channel_regs *card_channel(const struct card *card, uint32_t channel)
{
	return (volatile struct vgpu_channel_regs *)(card->window + VGPU_CHANNEL(channel));
}

static inline volatile struct vgpu_regs *card_regs(const struct card *card)
{
	return (volatile struct vgpu_regs *)(card->window + VGPU_REGS);
}

static inline volatile uint64_t *card_gtt(const struct card *card, uint32_t channel)
{
	return (volatile uint64_t *)(card->window + VGPU_GTT(channel));
}

/*
 * Puts a command in a channel's ring. Returns 0, or -1 when the ring stays full for `patience_ms`.
 * `card_submit` tells the GPU of all that was put.
 */
int card_put(const struct card *card, uint32_t channel, uint32_t *tail, const void *command, uint32_t bytes,
	     unsigned int patience_ms);
void card_submit(const struct card *card, uint32_t channel, uint32_t tail);

#endif
