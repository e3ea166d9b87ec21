/* Objects that a program has mapped: a page is requested from the back-end when it is first touched. */
#include "front.h"
#include "../gnttab/grants.h"
#include "../protocol/places.h"

#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/mman.h>

static struct vgpu *current; /* for the fault handler */

static struct mapped_object *object_at(struct front *front, const uint8_t *address)
{
	for (unsigned int i = 0; i < OBJECTS_MAX; i++) {
		struct mapped_object *object = &front->object[i];

		if (object->data && address >= object->data && address < object->data + object->bytes)
			return object;
	}
	return NULL;
}

static int show_pages(struct front *front, struct mapped_object *object, uint64_t page, uint64_t pages)
{
	void *at = object->data + (page << VGPU_PAGE_SHIFT);

	return mmap(at, pages << VGPU_PAGE_SHIFT, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, front->memory_fd,
		    (off_t)(object->guest_physical + (page << VGPU_PAGE_SHIFT))) == MAP_FAILED ? -1 : 0;
}

static uint64_t pages_in(const struct mapped_object *object)
{
	return (object->bytes + VGPU_PAGE - 1) >> VGPU_PAGE_SHIFT;
}

static uint64_t chunk_bit(const struct mapped_object *object, uint64_t page)
{
	return object->gart ? 1ull << (page / PVDRM_FAULT_PAGES % 64) : 0;
}

static uint32_t gpu_page(const struct mapped_object *object)
{
	return (uint32_t)((object->guest_physical - GUEST_GRANTS) >> VGPU_PAGE_SHIFT);
}

/* One page of VRAM was mapped by dom0; of a GART object up to 512 were granted, and must be mapped here. */
static int take_pages(struct vgpu *gpu, const struct mapped_object *object, const struct pvdrm_args *args,
		      const uint32_t *refs)
{
	struct front *front = front_of(gpu);

	if (!object->gart) {
		vgpu_cross(gpu, CROSS_HYPERCALL_MAP);
		vgpu_cross_by(gpu, CROSS_PAGES_MAPPED, args->pages);
		return 0;
	}
	if (args->gart != args->pages || grants_map(front->grants_fd, front->state, front->program,
						    gpu_page(object) + (uint32_t)args->page, args->pages, refs))
		return -1;
	vgpu_cross(gpu, CROSS_GRANT_MAP);
	vgpu_cross_by(gpu, CROSS_GRANTS_MAPPED, args->pages);
	return 0;
}

static void count_ended(struct vgpu *gpu, struct grants_count ended)
{
	vgpu_cross_by(gpu, CROSS_GRANT_UNMAP, ended.calls);
	vgpu_cross_by(gpu, CROSS_GRANTS_UNMAPPED, ended.pages);
	delay_unmapped(gpu, ended.pages);
}

void shared_ends(struct vgpu *gpu, uint32_t page, uint64_t bytes)
{
	struct front *front = front_of(gpu);

	count_ended(gpu, grants_end(front->grants_fd, front->state, page, (uint32_t)(bytes >> VGPU_PAGE_SHIFT)));
}

void shared_ends_of(struct vgpu *gpu, uint32_t program)
{
	struct front *front = front_of(gpu);

	count_ended(gpu, grants_end_of(front->grants_fd, front->state, program));
}

/* Fetches what was touched, with its neighbours if that costs no more. */
static int fault_in(struct vgpu *gpu, struct mapped_object *object, uint64_t page)
{
	struct front *front = front_of(gpu);
	struct pvdrm_args args = { .handle = object->handle, .page = page };
	uint32_t refs[PVDRM_FAULT_PAGES];

	if (object->faulted & chunk_bit(object, page)) { /* a pooled object kept what dom0 mapped */
		uint64_t first = page - page % PVDRM_FAULT_PAGES;
		uint64_t all = pages_in(object);
		uint64_t pages = all - first < PVDRM_FAULT_PAGES ? all - first : PVDRM_FAULT_PAGES;

		return show_pages(front, object, first, pages);
	}
	if (slot_request_for(gpu, PVDRM_FAULT, &args, refs, sizeof(refs)) || take_pages(gpu, object, &args, refs))
		return -1;
	object->faulted |= chunk_bit(object, page);
	if (object->touched)
		object->touched[page] = 1;
	return show_pages(front, object, args.page, args.pages);
}

static void on_fault(int number, siginfo_t *info, void *context)
{
	struct mapped_object *object = current ? object_at(front_of(current), info->si_addr) : NULL;
	uint64_t within = object ? (uint64_t)((uint8_t *)info->si_addr - object->data) : 0;

	(void)context;
	if (object && !fault_in(current, object, within >> VGPU_PAGE_SHIFT))
		return;
	signal(number, SIG_DFL); /* not ours: crash as without this handler */
}

int fault_arm(struct vgpu *gpu)
{
	struct sigaction action = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_NODEFER };

	current = gpu;
	return sigaction(SIGSEGV, &action, NULL);
}

void fault_disarm(void)
{
	current = NULL;
	signal(SIGSEGV, SIG_DFL);
}

struct mapped_object *object_place(struct front *front)
{
	for (unsigned int i = 0; i < OBJECTS_MAX; i++)
		if (!front->object[i].data)
			return &front->object[i];
	return NULL;
}

struct mapped_object *object_of_handle(struct front *front, uint32_t handle)
{
	for (unsigned int i = 0; i < OBJECTS_MAX; i++)
		if (front->object[i].data && front->object[i].handle == handle)
			return &front->object[i];
	return NULL;
}

void *object_reserve(struct mapped_object *object, const struct mapped_object *as)
{
	void *data = mmap(NULL, as->bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (data == MAP_FAILED)
		return NULL;
	*object = *as;
	object->data = data;
	if (!object->gart)
		object->touched = calloc(pages_in(object), 1);
	return data;
}

void object_ends(struct vgpu *gpu, const struct mapped_object *object)
{
	uint64_t runs = 0, pages = 0;

	for (uint64_t page = 0; object->touched && page < pages_in(object); page++) {
		pages += object->touched[page];
		runs += object->touched[page] && (page == 0 || !object->touched[page - 1]);
	}
	vgpu_cross_by(gpu, CROSS_HYPERCALL_UNMAP, runs);
	vgpu_cross_by(gpu, CROSS_PAGES_UNMAPPED, pages);
	delay_unmapped(gpu, pages);
}

void object_unmap(struct mapped_object *object)
{
	free(object->touched);
	munmap(object->data, object->bytes);
	*object = (struct mapped_object){ 0 };
}
