/* dom0's access to the GPU: its window, its doorbell, its channels, and who may see which page. */
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
	struct card_heap *heap; /* its mapped part; NULL: the whole window */
};

/*
 * Maps the window's first `bytes`, but parts of its heap only on demand: dom0 pays for each page when it is
 * mapped and when it is unmapped, a tenth of a second for all of them. Returns 0, or prints the reason and
 * returns -1.
 */
int card_open(struct card *card, uint64_t bytes);
/* The address of `bytes` of the window, out of those requested from card_open; callable from any thread. */
uint8_t *card_at(const struct card *card, uint64_t at, uint64_t bytes);
/* Whether the canary page holds what the GPU put there: "whole" or "written"; NULL: it can't be mapped. */
const char *card_canary(void);
void card_bell(const struct card *card, uint32_t vector);

/* Resets the whole GPU to its state at power on. Returns 0, or -1 if it does not answer within a second. */
int card_reset(const struct card *card);

/* Starts a channel on the ring and the GTT with its number; its tail is then 0. */
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
 * Puts a command in a channel's ring. Returns 0, or -1 if the ring stays full for `patience_ms`.
 * `card_submit` notifies the GPU of all commands put.
 */
int card_put(const struct card *card, uint32_t channel, uint32_t *tail, const void *command, uint32_t bytes,
	     unsigned int patience_ms);
void card_submit(const struct card *card, uint32_t channel, uint32_t tail);

#endif
