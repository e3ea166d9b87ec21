#include "card.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define PCI_DEVICES "/sys/bus/pci/devices"
#define ANSWER_NS 1000000000ull

uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000ull + (uint64_t)now.tv_nsec;
}

void nap_us(unsigned int us)
{
	const struct timespec nap = { .tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000l };

	nanosleep(&nap, NULL);
}

static FILE *attribute(const char *device, const char *name, const char *mode)
{
	char path[512];

	snprintf(path, sizeof(path), PCI_DEVICES "/%s/%s", device, name);
	return fopen(path, mode);
}

static unsigned long number(const char *device, const char *name)
{
	char text[64] = "";
	FILE *file = attribute(device, name, "re");

	if (!file)
		return 0;
	if (!fgets(text, sizeof(text), file))
		text[0] = 0;
	fclose(file);
	return strtoul(text, NULL, 0);
}

/* `resource` has a line per BAR: first byte, last byte, flags. */
static uint64_t bar_frame(const char *device, int bar)
{
	char line[128] = "";
	FILE *file = attribute(device, "resource", "re");

	for (int i = 0; file && i <= bar; i++)
		if (!fgets(line, sizeof(line), file))
			line[0] = 0;
	if (file)
		fclose(file);
	return strtoull(line, NULL, 16) >> VGPU_PAGE_SHIFT;
}

static int find(char *name, size_t size)
{
	DIR *directory = opendir(PCI_DEVICES);
	struct dirent *entry;
	int found = 0;

	while (directory && !found && (entry = readdir(directory)))
		if (number(entry->d_name, "vendor") == VGPU_PCI_VENDOR &&
		    number(entry->d_name, "device") == VGPU_PCI_DEVICE) {
			snprintf(name, size, "%.64s", entry->d_name);
			found = 1;
		}
	if (directory)
		closedir(directory);
	return found;
}

static void enable_memory(const char *device)
{
	FILE *file = attribute(device, "enable", "we");

	if (!file)
		return;
	fputs("1", file);
	fclose(file);
}

static void *map_bar(const char *device, const char *bar, uint64_t bytes)
{
	char path[512];
	void *memory;
	int fd;

	snprintf(path, sizeof(path), PCI_DEVICES "/%s/%s", device, bar);
	fd = open(path, O_RDWR | O_CLOEXEC | O_SYNC);
	if (fd < 0)
		return MAP_FAILED;
	memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	return memory;
}

int card_open(struct card *card)
{
	char device[80];
	uint8_t *bell;

	if (!find(device, sizeof(device))) {
		fprintf(stderr, "no GPU on the PCI bus\n");
		return -1;
	}
	enable_memory(device);
	card->window = map_bar(device, "resource2", VGPU_WINDOW);
	bell = map_bar(device, "resource0", VGPU_PAGE);
	if (card->window == MAP_FAILED || bell == MAP_FAILED) {
		fprintf(stderr, "mapping the GPU %s: %s\n", device, strerror(errno));
		return -1;
	}
	card->doorbell = (volatile uint32_t *)(bell + VGPU_DOORBELL);
	card->window_frame = bar_frame(device, 2);
	card->doorbell_frame = bar_frame(device, 0);
	if (card_regs(card)->magic != VGPU_MAGIC) {
		fprintf(stderr, "the GPU %s does not answer\n", device);
		return -1;
	}
	return 0;
}

void card_bell(const struct card *card, uint32_t vector)
{
	__atomic_store_n(card->doorbell, VGPU_RING_THE_BELL(vector), __ATOMIC_RELEASE);
}

int card_reset(const struct card *card)
{
	uint64_t deadline = now_ns() + ANSWER_NS;

	__atomic_store_n(&card_regs(card)->reset, 1, __ATOMIC_RELEASE);
	card_bell(card, VGPU_BELL_CONTROL);
	while (__atomic_load_n(&card_regs(card)->reset, __ATOMIC_ACQUIRE)) {
		if (now_ns() > deadline)
			return -1;
		nap_us(100);
	}
	return 0;
}

int card_channel_start(const struct card *card, uint32_t channel)
{
	volatile struct vgpu_channel_regs *regs = card_channel(card, channel);
	uint64_t deadline = now_ns() + ANSWER_NS;

	regs->ring_base = VGPU_RING(channel);
	regs->ring_bytes = VGPU_RING_BYTES;
	regs->gtt_base = VGPU_GTT(channel);
	regs->gtt_entries = VGPU_WINDOW_PAGES;
	__atomic_store_n(&regs->enable, 1, __ATOMIC_RELEASE);
	card_bell(card, VGPU_BELL_CONTROL);
	while (__atomic_load_n(&regs->enable, __ATOMIC_ACQUIRE) != VGPU_ENABLED) {
		if (now_ns() > deadline)
			return -1;
		nap_us(20);
	}
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
	const uint64_t *words = command;
	uint64_t deadline = 0;

	while (VGPU_RING_BYTES - (*tail - __atomic_load_n(&card_channel(card, channel)->head, __ATOMIC_ACQUIRE)) < bytes) {
		if (!deadline)
			deadline = now_ns() + patience_ms * 1000000ull;
		else if (now_ns() > deadline)
			return -1;
		nap_us(50);
	}
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
