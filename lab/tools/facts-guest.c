/*
 * vgpu-facts [register|slice|vram|doorbell ...], in a guest or on the bare box: its mode, its hypervisor, its
 * front-end's settings and what its cache pins, the memory left, the GPU on its PCI bus, its counters, and
 * 32-bit values read from the GPU: its first register, the base of the slice as reported by the mediator,
 * that slice's first word, the doorbell page's second register.
 */
#include "fact.h"
#include "tally.h"
#include "../abi/abi.h"
#include "../machine/daemon.h"
#include "../machine/pci.h"
#include "../machine/ready.h"
#include "../protocol/crossings.h"
#include "../protocol/places.h"
#include "../protocol/pvdrm.h"

#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define IVPOSITION 8 /* of ivshmem: the box's own number */
#define SLICE_BASE (GUEST_WINDOW + VGPU_PVINFO + offsetof(struct vgpu_pvinfo, slice_base))

/* Exactly one access, which dom0 counts if it is trapped. 0, or -1: that memory can't be mapped. */
static int read32(uint64_t address, uint32_t *value)
{
	int fd = open("/dev/mem", O_RDONLY | O_SYNC | O_CLOEXEC);
	uint64_t page = address & ~(VGPU_PAGE - 1ull);
	volatile uint8_t *memory;

	if (fd < 0)
		return -1;
	memory = mmap(NULL, VGPU_PAGE, PROT_READ, MAP_SHARED, fd, (off_t)page);
	close(fd);
	if (memory == MAP_FAILED)
		return -1;
	*value = *(volatile uint32_t *)(memory + (address - page));
	munmap((void *)(uintptr_t)memory, VGPU_PAGE);
	return 0;
}

static int read_slice(uint32_t *word)
{
	uint32_t base;

	return read32(SLICE_BASE, &base) || base >= VGPU_WINDOW ? -1 : read32(GUEST_WINDOW + base, word);
}

static int print_place(const char *place)
{
	uint32_t word;
	int error;

	if (!strcmp(place, "register"))
		error = read32(GUEST_WINDOW + VGPU_REGS, &word);
	else if (!strcmp(place, "slice"))
		error = read32(SLICE_BASE, &word);
	else if (!strcmp(place, "vram"))
		error = read_slice(&word);
	else if (!strcmp(place, "doorbell"))
		error = read32(GUEST_DOORBELL + IVPOSITION, &word);
	else
		return -1;
	if (error)
		fact(place, "unreadable");
	else
		fact(place, "0x%08X", word);
	return 0;
}

/* What the cache of pvdrm keeps from being freed. */
static void print_pool(void)
{
	static struct pvdrm_front_state state;
	int fd = open(PVDRM_FRONT_STATE, O_RDONLY | O_CLOEXEC);
	unsigned long long bytes = 0;
	unsigned int objects = 0;

	if (fd < 0)
		return;
	if (read(fd, &state, sizeof(state)) == sizeof(state))
		for (; objects < PVDRM_POOL && state.pool[objects].global; objects++)
			bytes += state.pool[objects].bytes;
	close(fd);
	fact("pool", "%u objects, %llu KiB", objects, bytes >> 10);
}

static void print_card(void)
{
	char device[PCI_NAME_BYTES];

	if (pci_find(device, sizeof(device)))
		fact("card", "%s", device);
}

int main(int argc, char **argv)
{
	fact_line("mode", VGPU_RUN "/mode", "", "none");
	fact_line("hypervisor", "/sys/hypervisor/type", "", "none");
	fact_line("type", "/sys/hypervisor/guest_type", "", "none");
	fact_line("front-settings", VGPU_RUN "/" DAEMON_IN_GUEST ".log", READY_WORD, "");
	print_pool();
	fact_line("memory", "/proc/meminfo", "MemAvailable:", "");
	print_card();
	printf("counters\t");
	tally_print();
	putchar('\n');
	for (int i = 1; i < argc; i++)
		if (print_place(argv[i])) {
			fprintf(stderr, "vgpu-facts: no place %s: register, slice, vram or doorbell\n", argv[i]);
			return 2;
		}
	return 0;
}
