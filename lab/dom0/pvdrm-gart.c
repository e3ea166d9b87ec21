#include "pvdrm-gart.h"
#include "frames.h"
#include "../machine/pci.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <xen/sys/gntalloc.h>

#define LIMIT_FILE "/sys/module/xen_gntalloc/parameters/limit"
#define CHUNK 512u /* pages granted at a time */
#define LOOK_US 20000
#define FDS_MAX 64

static int device, alive = -1; /* where pages are granted; a pipe that closes when this program ends, for the keeper */
static pid_t keeper;
static volatile uint8_t *iommu;

/* A client's pages that no object uses, the last one first. */
static struct shelf {
	struct gart_page page[VGPU_WINDOW_PAGES];
	uint32_t pages;
} *shelf[GUESTS_MAX];

/* A byte means that everything was taken down; without one this program was killed, and whoever takes this
   mode down resets the GPU. */
static void keep(const struct card *card, int told)
{
	uint64_t resets = card_regs(card)->resets;
	char byte;

	signal(SIGTERM, SIG_IGN);
	prctl(PR_SET_NAME, "gart-keeper"); /* must not be mistaken for the serving program */
	for (int fd = 3; fd < FDS_MAX; fd++)
		if (fd != told && fd != device)
			close(fd);
	if (read(told, &byte, 1) != 1)
		while (__atomic_load_n(&card_regs(card)->resets, __ATOMIC_ACQUIRE) == resets)
			nap_us(LOOK_US);
	_exit(0);
}

static int start_keeper(const struct card *card)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		return -1;
	keeper = fork();
	if (keeper == 0) {
		close(ends[1]);
		keep(card, ends[0]);
	}
	close(ends[0]);
	alive = ends[1];
	return keeper < 0 ? -1 : 0;
}

/* As many as all objects of a guest can have. */
static int raise_limit(void)
{
	FILE *file = fopen(LIMIT_FILE, "we");

	if (!file)
		return -1;
	fprintf(file, "%u\n", VGPU_WINDOW_PAGES);
	return fclose(file) ? -1 : 0;
}

static int map_iommu(void)
{
	char name[PCI_NAME_BYTES];
	int bar;

	if (!pci_find_iommu(name, sizeof(name))) {
		errno = ENODEV;
		return -1;
	}
	pci_enable(name);
	bar = pci_open(name, PCI_BAR_WINDOW);
	iommu = mmap(NULL, VGPU_IOMMU_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, bar, 0);
	close(bar);
	return iommu == MAP_FAILED ? -1 : 0;
}

int gart_open(const struct card *card)
{
	device = open("/dev/xen/gntalloc", O_RDWR | O_CLOEXEC);
	return device < 0 || raise_limit() || frames_open() || map_iommu() || start_keeper(card) ? -1 : 0;
}

static int grant(uint32_t domain, uint64_t *index, uint32_t refs[CHUNK])
{
	static union {
		struct ioctl_gntalloc_alloc_gref call;
		char room[sizeof(struct ioctl_gntalloc_alloc_gref) + CHUNK * sizeof(uint32_t)];
	} alloc;

	alloc.call = (struct ioctl_gntalloc_alloc_gref){ .domid = (uint16_t)domain, .flags = GNTALLOC_FLAG_WRITABLE,
							 .count = CHUNK };
	if (ioctl(device, IOCTL_GNTALLOC_ALLOC_GREF, &alloc.call) < 0)
		return -errno;
	*index = alloc.call.index;
	memcpy(refs, alloc.room + offsetof(struct ioctl_gntalloc_alloc_gref, gref_ids), CHUNK * sizeof(uint32_t));
	return 0;
}

/* For a chunk that nobody has been given; otherwise the module keeps it until the program ends. */
static void grant_ends(uint64_t index)
{
	struct ioctl_gntalloc_dealloc_gref chunk = { .index = index, .count = CHUNK };

	ioctl(device, IOCTL_GNTALLOC_DEALLOC_GREF, &chunk);
}

static int by_frame(const void *one, const void *other)
{
	const struct gart_page *a = one, *b = other;

	return a->frame < b->frame ? 1 : -1;
}

/* Sorted, so that an object's pages are contiguous if possible: the GPU then needs no copy. */
static int grant_more(struct shelf *to, uint32_t domain)
{
	uint32_t refs[CHUNK], frames[CHUNK];
	uint64_t index = 0;
	uint8_t *data;
	int error = grant(domain, &index, refs);

	if (error)
		return error;
	data = mmap(NULL, CHUNK * VGPU_PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, device, (off_t)index);
	if (data == MAP_FAILED || frames_of(data, CHUNK, frames)) {
		error = errno ? -errno : -EIO;
		if (data != MAP_FAILED)
			munmap(data, CHUNK * VGPU_PAGE);
		grant_ends(index);
		return error;
	}
	for (uint32_t i = 0; i < CHUNK; i++)
		to->page[to->pages++] = (struct gart_page){ .data = data + i * VGPU_PAGE, .frame = frames[i], .ref = refs[i] };
	qsort(to->page, to->pages, sizeof(*to->page), by_frame);
	return 0;
}

static void tell_iommu(uint32_t frame, int reachable)
{
	uint8_t bit = (uint8_t)(1u << frame % 8);

	iommu[frame / 8] = reachable ? iommu[frame / 8] | bit : iommu[frame / 8] & (uint8_t)~bit;
}

int gart_take(uint32_t client, uint32_t domain, struct gart_page *page)
{
	int error = 0;

	if (!shelf[client])
		shelf[client] = calloc(1, sizeof(*shelf[client]));
	if (!shelf[client])
		return -ENOMEM;
	if (!shelf[client]->pages)
		error = grant_more(shelf[client], domain);
	if (error)
		return error;
	*page = shelf[client]->page[--shelf[client]->pages];
	tell_iommu(page->frame, 1);
	return 0;
}

void gart_give(uint32_t client, const struct gart_page *page)
{
	tell_iommu(page->frame, 0);
	shelf[client]->page[shelf[client]->pages++] = *page;
}

void gart_close(void)
{
	if (write(alive, "", 1) == 1)
		waitpid(keeper, NULL, 0);
}
