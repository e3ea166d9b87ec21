/* pvdrm's both ends in one process, in place of what needs Xen. Prints what is served, mapped and unmapped. */
#include "fuzz.h"
#include "trace.h"
#include "../dom0/pvdrm-serve.h"
#include "../gnttab/gnttab.h"
#include "../gnttab/grants.h"
#include "../machine/wait.h"
#include "../protocol/places.h"
#include "../runtime/front.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

const struct boundary boundary_forwarding = { .mode = "forwarding" };

static uint8_t pages[PVDRM_GRANTS * VGPU_PAGE] __attribute__((aligned(VGPU_PAGE)));
static struct pvdrm_front_state state;
static struct gem gem;
static struct crossings counters;
static uint8_t mapped[VGPU_WINDOW_PAGES];
static uint32_t bell[VGPU_PAGE / 4];
static uint32_t seen; /* requests taken from the ring */
static int serving, memory_fd, state_fd;
static uint64_t granted_pages; /* as counted by the back-end */

int lent_map(struct front *front)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", state_fd);
	front->page = (struct pvdrm_page *)pages;
	front->slot_pages = pages + VGPU_PAGE;
	front->state = &state;
	front->memory_fd = dup(memory_fd);
	front->state_fd = open(path, O_RDWR | O_CLOEXEC); /* a description of its own, as a process has */
	must(front->state_fd >= 0 && front->memory_fd >= 0, "no descriptors");
	return 0;
}

void lent_unmap(struct front *front)
{
	close(front->state_fd);
	close(front->memory_fd);
}

static void serve(void)
{
	struct pvdrm_page *page = (struct pvdrm_page *)pages;

	serving = 1;
	for (; seen != page->counter; seen++) {
		uint32_t slot = page->ring[seen % PVDRM_SLOTS];

		printf(" %s", crossing_names[pvdrm_crossing[page->slot[slot].code]]);
		pvdrm_serve(&gem, 0, &counters, &page->slot[slot], pages + (1 + slot) * VGPU_PAGE);
	}
	serving = 0;
}

/* Replaces the pause between polls: the back-end's turn, or the GPU's while the back-end waits for it. */
int wait_on(struct wait *wait, unsigned int spins, uint64_t patience_ns)
{
	(void)spins;
	(void)patience_ns;
	must(wait->looks++ < 1000, "waits in vain");
	atomic_store(&gpu.control, 1);
	if (serving)
		engine_pass(&gpu);
	else
		serve();
	return 0;
}

static int map_pages(void *context, uint32_t client, uint32_t page, uint32_t count)
{
	(void)context;
	(void)client;
	memset(mapped + page, 1, count);
	printf(" +%u", count);
	return 0;
}

static void unmap_pages(void *context, uint32_t client, uint32_t page, uint32_t count)
{
	(void)context;
	(void)client;
	memset(mapped + page, 0, count);
	printf(" -%u", count);
}

/* The host's memory is the guest's here: what is behind a granted page is the same through both. */
static int take_page(void *context, uint32_t client, uint32_t page, struct gart_page *taken)
{
	uint32_t frame = (uint32_t)(GUEST_GRANTS >> VGPU_PAGE_SHIFT) + page;

	(void)context;
	(void)client;
	*taken = (struct gart_page){ .data = gpu.ram + (uint64_t)frame * VGPU_PAGE, .frame = frame, .ref = page + 1 };
	must(!(gpu.iommu[frame / 8] >> frame % 8 & 1), "a page that was taken already");
	gpu.iommu[frame / 8] |= (uint8_t)(1u << frame % 8);
	return 0;
}

static void give_page(void *context, uint32_t client, const struct gart_page *page)
{
	(void)context;
	(void)client;
	must(!mapped[page->ref - 1], "the guest has it mapped still");
	gpu.iommu[page->frame / 8] &= (uint8_t)~(1u << page->frame % 8);
}

static void count_granted(void *context, uint32_t client, uint32_t count)
{
	(void)context;
	(void)client;
	granted_pages += count;
}

static void count_ended(void *context, uint32_t client, uint32_t count)
{
	(void)context;
	(void)client;
	granted_pages -= count;
}

int gnttab_open(void)
{
	return dup(memory_fd);
}

static uint32_t grant_page(uint64_t guest_physical)
{
	return (uint32_t)((guest_physical - GUEST_GRANTS) >> VGPU_PAGE_SHIFT);
}

static void map_grant(struct gnttab_map *one)
{
	uint32_t page = grant_page(one->address);

	must(!mapped[page], "mapped over what is mapped");
	must(one->ref == page + 1 && gem.gart[page].data, "a grant of another page");
	mapped[page] = 1;
	one->status = 0;
	one->handle = page;
}

static void unmap_grant(struct gnttab_unmap *one)
{
	must(mapped[one->handle] && grant_page(one->address) == one->handle, "unmaps what it has not mapped");
	mapped[one->handle] = 0;
	one->status = 0;
}

int gnttab_call(int fd, enum gnttab_op op, void *each, uint32_t count)
{
	(void)fd;
	printf(" g%c%u", op == GNTTAB_MAP ? '+' : '-', count);
	for (uint32_t i = 0; i < count; i++)
		if (op == GNTTAB_MAP)
			map_grant((struct gnttab_map *)each + i);
		else
			unmap_grant((struct gnttab_unmap *)each + i);
	return 0;
}

void ends_open(void)
{
	static const struct gem_mapper mapper = { .map = map_pages, .unmap = unmap_pages, .take = take_page,
						  .give = give_page, .granted = count_granted, .ended = count_ended };
	pthread_mutexattr_t robust;

	setenv("VGPU_MODE", "pvdrm", 1);
	must(!gpu_create(&gpu, 0), "no memory for a GPU");
	memory_fd = memfd_create("guest-physical", MFD_CLOEXEC);
	state_fd = memfd_create("front.state", MFD_CLOEXEC);
	must(!ftruncate(memory_fd, GUEST_GRANTS + VGPU_WINDOW), "no guest-physical memory");
	gpu.ram_bytes = GUEST_GRANTS + VGPU_WINDOW;
	gpu.ram = mmap(NULL, gpu.ram_bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, memory_fd, 0);
	must(gpu.ram != MAP_FAILED, "no memory of a host");
	gpu.window = gpu.ram + GUEST_WINDOW;
	gpu_power_on(&gpu);
	pthread_mutexattr_init(&robust);
	pthread_mutexattr_setrobust(&robust, PTHREAD_MUTEX_ROBUST);
	pthread_mutex_init(&state.lock, &robust);
	card = (struct card){ .window = gpu.window, .doorbell = bell };
	gem_init(&gem, &card, &mapper);
}

void ends_load(uint32_t cache)
{
	state.cache = cache;
	memset(state.pool, 0, sizeof(state.pool));
}

int ends_mapped(uint64_t page)
{
	return mapped[page];
}

void ends_gone(void)
{
	grants_end_of(memory_fd, &state, GRANTS_NOBODY);
	gem_client_gone(&gem, 0);
	must(!granted_pages, "the back-end has grants that the guest has ended");
	for (unsigned int page = 0; page < VGPU_WINDOW_PAGES; page++)
		must(!mapped[page], "something is mapped still");
}
