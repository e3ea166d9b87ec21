#include "frames.h"
#include "../abi/abi.h"
#include "../protocol/crossings.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Created when dom0 boots: the address of its kernel's table, and the number of entries. */
#define PLACES VGPU_RUN "/p2m"
#define SEGMENTS_MAX 64
#define PFN_BITS ((1ull << 55) - 1) /* in an entry of a pagemap */
#define PRESENT (1ull << 63)

static uint64_t *table, entries; /* machine frame by dom0's own frame number; high bits mark foreign ones */

static int read_all(int fd, void *to, uint64_t bytes, uint64_t at)
{
	for (uint64_t done = 0; done < bytes;) {
		ssize_t more = pread(fd, (uint8_t *)to + done, bytes - done, (off_t)(at + done));

		if (more == 0)
			errno = EIO;
		if (more <= 0)
			return -1;
		done += (uint64_t)more;
	}
	return 0;
}

/* Reads the kernel's memory, by its virtual address. */
static int read_kernel(int core, uint64_t address, void *to, uint64_t bytes)
{
	Elf64_Phdr segment[SEGMENTS_MAX];
	Elf64_Ehdr header;

	if (read_all(core, &header, sizeof(header), 0) || header.e_phnum > SEGMENTS_MAX ||
	    read_all(core, segment, header.e_phnum * sizeof(*segment), header.e_phoff))
		return -1;
	for (unsigned int i = 0; i < header.e_phnum; i++)
		if (segment[i].p_type == PT_LOAD && address >= segment[i].p_vaddr &&
		    address - segment[i].p_vaddr <= segment[i].p_memsz - bytes && bytes <= segment[i].p_memsz)
			return read_all(core, to, bytes, segment[i].p_offset + (address - segment[i].p_vaddr));
	errno = ENXIO;
	return -1;
}

static int read_table(int core)
{
	unsigned long long at_address, at_entries;
	FILE *places = fopen(PLACES, "re");
	uint64_t address;
	int found = places ? fscanf(places, "%llx %llx", &at_address, &at_entries) : 0;

	if (places)
		fclose(places);
	if (found != 2) {
		errno = ENOENT;
		return -1;
	}
	if (read_kernel(core, at_address, &address, sizeof(address)) ||
	    read_kernel(core, at_entries, &entries, sizeof(entries)))
		return -1;
	if (entries > VGPU_IOMMU_FRAMES)
		entries = VGPU_IOMMU_FRAMES;
	table = malloc(entries * sizeof(*table));
	return table ? read_kernel(core, address, table, entries * sizeof(*table)) : -1;
}

int frames_open(void)
{
	int core = open("/proc/kcore", O_RDONLY | O_CLOEXEC);
	int error = core < 0 || read_table(core);

	if (core >= 0)
		close(core);
	return error ? -1 : 0;
}

static int frame_of(uint64_t entry, uint32_t *frame)
{
	uint64_t pfn = entry & PFN_BITS;

	if (!(entry & PRESENT) || pfn >= entries || table[pfn] >= VGPU_IOMMU_FRAMES) {
		errno = EFAULT;
		return -1;
	}
	*frame = (uint32_t)table[pfn];
	return 0;
}

int frames_of(const uint8_t *data, uint32_t pages, uint32_t *frame)
{
	int map = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC), error = map < 0;
	uint64_t entry[512];

	for (uint32_t done = 0; !error && done < pages;) {
		uint32_t now = pages - done < 512 ? pages - done : 512;

		error = read_all(map, entry, now * sizeof(*entry), ((uintptr_t)data / VGPU_PAGE + done) * sizeof(*entry));
		for (uint32_t i = 0; !error && i < now; i++)
			error = frame_of(entry[i], &frame[done + i]);
		done += now;
	}
	if (map >= 0)
		close(map);
	return error ? -1 : 0;
}
