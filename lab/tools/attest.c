/*
 * vgpu-attest: evidence of the boundary, as seen from inside. One JSON object: which hypervisor, whether the
 * GPU is on the PCI bus, and for each region of the GPU whether it is absent, trapped or mapped, judged by
 * its content and the time of a read: a trap takes many times as long as a mapped read.
 */
#include "../abi/abi.h"
#include "../machine/clock.h"
#include "../machine/pci.h"
#include "../protocol/crossings.h"
#include "../protocol/places.h"
#include "../protocol/pvdrm.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define TRAP_NS 5000u
#define READS 8 /* in a row, to spread the clock's own cost */
#define TRIES 4

static void read_line(const char *path, char *line, size_t size, const char *otherwise)
{
	FILE *file = fopen(path, "re");

	snprintf(line, size, "%s", otherwise);
	if (!file)
		return;
	if (!fgets(line, (int)size, file))
		snprintf(line, size, "%s", otherwise);
	line[strcspn(line, "\n")] = 0;
	fclose(file);
}

struct place {
	int fd;
	uint64_t offset;
};

static struct place place_open(const char *device)
{
	if (device)
		return (struct place){ pci_open(device, PCI_BAR_WINDOW), 0 };
	return (struct place){ open("/dev/mem", O_RDWR | O_SYNC | O_CLOEXEC), GUEST_WINDOW };
}

static uint64_t time_reads(const volatile uint64_t *word, int reads)
{
	uint64_t best = UINT64_MAX;

	for (int i = 0; i < TRIES; i++) {
		uint64_t began = now_ns(), took;

		for (int r = 0; r < reads; r++)
			(void)*word;
		took = now_ns() - began;
		best = took < best ? took : best;
	}
	return best;
}

/* The shortest time of a read, and the value read. */
static uint64_t probe(const struct place *place, uint64_t at, uint64_t *value)
{
	volatile uint64_t *page = mmap(NULL, VGPU_PAGE, PROT_READ, MAP_SHARED, place->fd, (off_t)(place->offset + at));
	uint64_t none, some;

	*value = UINT64_MAX;
	if (page == MAP_FAILED)
		return UINT64_MAX;
	*value = *page;
	none = time_reads(page, 0);
	some = time_reads(page, READS);
	munmap((void *)(uintptr_t)page, VGPU_PAGE);
	return some > none ? (some - none) / READS : 0;
}

static void print_region(const struct place *place, const char *name, uint64_t at, const char *comma)
{
	uint64_t value, ns = probe(place, at, &value);
	const char *access = value == UINT64_MAX ? "absent" : ns > TRAP_NS ? "trapped" : "mapped";

	printf("\"%s\":{\"access\":\"%s\",\"readNs\":%llu}%s", name, access,
	       (unsigned long long)(ns == UINT64_MAX ? 0 : ns), comma);
}

static void print_regions(const struct place *place)
{
	uint64_t magic, base = VGPU_HEAP;

	probe(place, VGPU_PVINFO, &magic);
	if (magic == VGPU_PVINFO_MAGIC) {
		volatile struct vgpu_pvinfo *info = mmap(NULL, VGPU_PAGE, PROT_READ, MAP_SHARED, place->fd,
							 (off_t)(place->offset + VGPU_PVINFO));

		if (info != MAP_FAILED) {
			uint64_t bytes = info->slice_bytes;

			base = info->slice_base;
			printf("\"slice\":{\"base\":%llu,\"bytes\":%llu},", (unsigned long long)base,
			       (unsigned long long)bytes);
			munmap((void *)(uintptr_t)info, VGPU_PAGE);
		}
	}
	printf("\"regions\":{");
	print_region(place, "registers", VGPU_REGS, ",");
	print_region(place, "gtt", VGPU_GTT(0) + base / VGPU_PAGE / (VGPU_PAGE / 8) * VGPU_PAGE, ",");
	print_region(place, "vram", base, "}");
}

static void print_front(void)
{
	static struct pvdrm_front_state state;
	int fd = open(PVDRM_FRONT_STATE, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (read(fd, &state, sizeof(state)) == sizeof(state))
		printf(",\"front\":{\"cache\":%u,\"hits\":%llu,\"misses\":%llu,\"mostSlots\":%u}", state.cache,
		       (unsigned long long)state.hits, (unsigned long long)state.misses, state.most_held);
	close(fd);
}

int main(void)
{
	char mode[64], hypervisor[32], type[32], device[PCI_NAME_BYTES] = "";
	int on_pci = pci_find(device, sizeof(device));
	struct place place = place_open(on_pci ? device : NULL);

	read_line(VGPU_RUN "/mode", mode, sizeof(mode), "none");
	mode[strcspn(mode, " ")] = 0;
	read_line("/sys/hypervisor/type", hypervisor, sizeof(hypervisor), "none");
	read_line("/sys/hypervisor/guest_type", type, sizeof(type), "none");
	printf("{\"mode\":\"%s\",\"hypervisor\":\"%s\",\"guestType\":\"%s\",\"pciGpu\":%s,", mode, hypervisor, type,
	       on_pci ? "true" : "false");
	if (place.fd >= 0)
		print_regions(&place);
	else
		printf("\"regions\":null");
	print_front();
	printf("}\n");
	return 0;
}
