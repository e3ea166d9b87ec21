#include "card.h"
#include "../machine/pci.h"
#include "../machine/wait.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define ANSWER_NS 1000000000ull

#define STEP (2u << 20) /* of the heap, mapped at once: 512 pages */

/* One per process, which serves one card. */
static struct card_heap {
	pthread_mutex_t lock;
	int bar;
	uint8_t mapped[VGPU_WINDOW / STEP];
} heap = { .lock = PTHREAD_MUTEX_INITIALIZER };

static void *map_bar(const char *device, unsigned int bar, uint64_t at, uint64_t bytes)
{
	int fd = pci_open(device, bar);
	void *memory;

	if (fd < 0)
		return MAP_FAILED;
	memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, (off_t)at);
	close(fd);
	return memory;
}

static void *map_at(uint8_t *window, uint64_t at, uint64_t bytes)
{
	return mmap(window + at, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, heap.bar, (off_t)at);
}

static void *map_window(struct card *card, const char *device, uint64_t bytes)
{
	uint8_t *window;

	if (bytes <= VGPU_HEAP)
		return map_bar(device, PCI_BAR_WINDOW, 0, bytes);
	heap.bar = pci_open(device, PCI_BAR_WINDOW);
	window = mmap(NULL, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (heap.bar < 0 || window == MAP_FAILED)
		return MAP_FAILED;
	card->heap = &heap;
	return map_at(window, 0, VGPU_HEAP) == MAP_FAILED ? MAP_FAILED : window;
}

uint8_t *card_at(const struct card *card, uint64_t at, uint64_t bytes)
{
	if (!card->heap || at + bytes <= VGPU_HEAP)
		return card->window + at;
	pthread_mutex_lock(&card->heap->lock);
	for (uint64_t step = at / STEP; step * STEP < at + bytes; step++) {
		if (step < VGPU_HEAP / STEP || card->heap->mapped[step])
			continue;
		if (map_at(card->window, step * STEP, STEP) == MAP_FAILED) {
			perror("mapping the GPU's heap");
			exit(1);
		}
		card->heap->mapped[step] = 1;
	}
	pthread_mutex_unlock(&card->heap->lock);
	return card->window + at;
}

int card_open(struct card *card, uint64_t bytes)
{
	char device[PCI_NAME_BYTES];
	uint8_t *bell;

	if (!pci_find(device, sizeof(device))) {
		fprintf(stderr, "no GPU on the PCI bus\n");
		return -1;
	}
	pci_enable(device);
	card->heap = NULL;
	card->window = map_window(card, device, bytes);
	bell = map_bar(device, PCI_BAR_DOORBELL, 0, VGPU_PAGE);
	if (card->window == MAP_FAILED || bell == MAP_FAILED) {
		fprintf(stderr, "mapping the GPU %s: %s\n", device, strerror(errno));
		return -1;
	}
	card->doorbell = (volatile uint32_t *)(bell + VGPU_DOORBELL);
	card->window_frame = pci_frame(device, PCI_BAR_WINDOW);
	card->doorbell_frame = pci_frame(device, PCI_BAR_DOORBELL);
	if (card_regs(card)->magic != VGPU_MAGIC) {
		fprintf(stderr, "the GPU %s does not answer\n", device);
		return -1;
	}
	return 0;
}

const char *card_canary(void)
{
	char device[PCI_NAME_BYTES];
	int found = pci_find(device, sizeof(device));
	const volatile uint64_t *word = found ? map_bar(device, PCI_BAR_WINDOW, VGPU_CANARY, VGPU_PAGE) : MAP_FAILED;
	unsigned int whole = 0;

	if (word == MAP_FAILED)
		return NULL;
	for (unsigned int i = 0; i < VGPU_PAGE / 8; i++)
		whole += word[i] == VGPU_CANARY_WORD;
	munmap((void *)(uintptr_t)word, VGPU_PAGE);
	return whole == VGPU_PAGE / 8 ? "whole" : "written";
}

void card_bell(const struct card *card, uint32_t vector)
{
	__atomic_store_n(card->doorbell, VGPU_RING_THE_BELL(vector), __ATOMIC_RELEASE);
}

int card_reset(const struct card *card)
{
	struct wait wait = { 0 };

	__atomic_store_n(&card_regs(card)->reset, 1, __ATOMIC_RELEASE);
	card_bell(card, VGPU_BELL_CONTROL);
	while (__atomic_load_n(&card_regs(card)->reset, __ATOMIC_ACQUIRE))
		if (wait_on(&wait, 0, ANSWER_NS))
			return -1;
	return 0;
}

int card_channel_start(const struct card *card, uint32_t channel)
{
	volatile struct vgpu_channel_regs *regs = card_channel(card, channel);
	struct wait wait = { 0 };

	regs->ring_base = VGPU_RING(channel);
	regs->ring_bytes = VGPU_RING_BYTES;
	regs->gtt_base = VGPU_GTT(channel);
	regs->gtt_entries = VGPU_WINDOW_PAGES;
	__atomic_store_n(&regs->enable, 1, __ATOMIC_RELEASE);
	card_bell(card, VGPU_BELL_CONTROL);
	while (__atomic_load_n(&regs->enable, __ATOMIC_ACQUIRE) != VGPU_ENABLED)
		if (wait_on(&wait, 0, ANSWER_NS))
			return -1;
	return regs->state == VGPU_CHANNEL_READY ? 0 : -1;
}

void card_channel_stop(const struct card *card, uint32_t channel)
{
	__atomic_store_n(&card_channel(card, channel)->stop, 1, __ATOMIC_RELEASE);
	card_bell(card, VGPU_BELL_CONTROL);
}

int card_put(const struct card *card, uint32_t channel, uint32_t *tail, const void *command, uint32_t bytes,
	     unsigned int patience_ms)
{
	volatile struct vgpu_channel_regs *regs = card_channel(card, channel);
	const uint64_t *words = command;
	struct wait wait = { 0 };

	while (VGPU_RING_BYTES - (*tail - __atomic_load_n(&regs->head, __ATOMIC_ACQUIRE)) < bytes)
		if (wait_on(&wait, 0, patience_ms * 1000000ull))
			return -1;
	for (uint32_t i = 0; i < bytes / 8; i++) {
		uint64_t at = VGPU_RING(channel) + ((*tail + i * 8) & (VGPU_RING_BYTES - 1));

		*(volatile uint64_t *)(card->window + at) = words[i];
	}
	*tail += bytes;
	return 0;
}

void card_submit(const struct card *card, uint32_t channel, uint32_t tail)
{
	__atomic_store_n(&card_channel(card, channel)->tail, tail, __ATOMIC_RELEASE);
	card_bell(card, VGPU_BELL_SUBMIT);
}
