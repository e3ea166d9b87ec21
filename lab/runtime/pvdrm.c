/*
 * pvdrm (lab): the front-end, after CPFL/pvdrm. Every call of the DRM interface is a slot request; memory is
 * mapped on fault; completion is polled in mapped memory. With cache=1, mappable GART objects go to a pool
 * when freed, and keep their mappings.
 */
#include "front.h"
#include "pool.h"
#include "../gnttab/grants.h"
#include "../protocol/places.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int refuse(int error, const char *what)
{
	return vgpu_fail(-error, "the PVDRM back-end refuses %s: %s", what, strerror(-error));
}

static int channel_open(struct vgpu *gpu)
{
	struct front *front = front_of(gpu);
	struct pvdrm_args args = { .page = PVDRM_PARAM_ABI };
	int error = slot_request(gpu, PVDRM_FILE_OPEN, &args);

	if (error)
		return refuse(error, "a file");
	front->file = args.file;
	front->state->open_file[front->program] = args.file;
	args.page = PVDRM_PARAM_ABI;
	error = slot_request(gpu, PVDRM_GETPARAM, &args);
	if (error || args.bytes != VGPU_VERSION)
		return vgpu_fail(ENODEV, "the PVDRM back-end serves another GPU");
	error = slot_request(gpu, PVDRM_CHANNEL_ALLOC, &args);
	if (error)
		return refuse(error, "a channel");
	front->channel = args.channel;
	front->channel_open = 1;
	return 0;
}

static int pvdrm_open(struct vgpu *gpu)
{
	struct front *front = calloc(1, sizeof(*front));
	int error;

	if (!front)
		return vgpu_fail(ENOMEM, "out of memory");
	front->state_fd = front->memory_fd = front->grants_fd = -1;
	gpu->state = front;
	error = lent_map(front);
	if (error)
		return error;
	fault_arm(gpu);
	error = program_join(gpu);
	return error ? error : channel_open(gpu);
}

static void pvdrm_close(struct vgpu *gpu)
{
	struct front *front = front_of(gpu);
	struct pvdrm_args args = { 0 };

	if (!front)
		return;
	if (front->channel_open) {
		args.channel = front->channel;
		slot_request(gpu, PVDRM_CHANNEL_FREE, &args);
	}
	if (front->file) {
		if (front->shared) /* what it leaves behind */
			shared_ends_of(gpu, front->program);
		file_close(gpu);
		front->state->open_file[front->program] = 0;
	}
	fault_disarm();
	lent_unmap(front);
	free(front);
	gpu->state = NULL;
}

static int can_be_pooled(const struct front *front, const struct vgpu_buffer *buffer)
{
	return front->state->cache && buffer->domain != VGPU_VRAM;
}

static uint32_t pages_held(const struct pvdrm_pooled *entry)
{
	return (uint32_t)(entry->bytes >> VGPU_PAGE_SHIFT);
}

static int take_pooled(struct front *front, uint64_t bytes, struct pvdrm_pooled *taken)
{
	int found;

	programs_lock(front);
	found = pool_take(front->state, bytes, taken);
	if (found)
		grants_hold(front->state, taken->page, pages_held(taken), front->program);
	front->state->hits += found;
	front->state->misses += !found;
	programs_unlock(front);
	return found;
}

/* A hit costs two crossings instead of a miss's one, but saves those of MMAP and FAULT. */
static int revive(struct vgpu *gpu, struct vgpu_buffer *buffer)
{
	struct front *front = front_of(gpu);
	struct pvdrm_pooled taken;
	struct pvdrm_args args = { 0 };
	int error;

	if (!can_be_pooled(front, buffer) || !take_pooled(front, buffer->bytes, &taken))
		return -ENOENT;
	args.global = taken.global;
	error = slot_request(gpu, PVDRM_FROM_GLOBAL, &args);
	if (error)
		shared_ends(gpu, taken.page, taken.bytes);
	if (error)
		return error == -ENOENT ? error : refuse(error, "a pooled object");
	front->shared++;
	error = slot_request(gpu, PVDRM_GEM_INFO, &args);
	if (error)
		return refuse(error, "a pooled object");
	buffer->handle = args.handle;
	buffer->global = taken.global;
	buffer->address = args.address;
	buffer->placed = taken.mapped;
	buffer->faulted = taken.faulted;
	buffer->capacity = taken.bytes;
	return 0;
}

static int pvdrm_alloc(struct vgpu *gpu, struct vgpu_buffer *buffer)
{
	struct pvdrm_args args = { .bytes = buffer->bytes, .gart = buffer->domain != VGPU_VRAM };
	int error = revive(gpu, buffer);

	if (error != -ENOENT)
		return error;
	buffer->capacity = (buffer->bytes + VGPU_PAGE - 1) & ~(uint64_t)(VGPU_PAGE - 1);
	error = slot_request(gpu, PVDRM_GEM_NEW, &args);
	if (error)
		return refuse(error, "an object");
	front_of(gpu)->shared += args.gart;
	buffer->handle = args.handle;
	buffer->address = args.address;
	return 0;
}

static int pvdrm_adopt(struct vgpu *gpu, uint32_t global)
{
	struct pvdrm_args args = { .global = global };

	return slot_request(gpu, PVDRM_FROM_GLOBAL, &args);
}

/* The name with which an object outlives its handles, which it gets when first kept. 0: it has none. */
static uint32_t global_of(struct vgpu *gpu, const struct vgpu_buffer *buffer)
{
	struct pvdrm_args args = { .handle = buffer->handle };

	if (buffer->global)
		return buffer->global;
	return slot_request(gpu, PVDRM_TO_GLOBAL, &args) ? 0 : args.global;
}

/* Keeps an object for the next allocation. */
static void pool_object(struct front *front, const struct pvdrm_pooled *entry)
{
	programs_lock(front);
	grants_hold(front->state, entry->page, pages_held(entry), GRANTS_NOBODY);
	pool_put(front->state, entry);
	programs_unlock(front);
}

/* It enters the pool only when closed: a program that is killed in between leaves it unowned rather than
   owned twice. */
static void pvdrm_free(struct vgpu *gpu, struct vgpu_buffer *buffer)
{
	struct front *front = front_of(gpu);
	struct mapped_object *object = object_of_handle(front, buffer->handle);
	struct pvdrm_pooled entry = { .bytes = buffer->capacity, .mapped = buffer->placed,
				      .page = (uint32_t)(buffer->address >> VGPU_PAGE_SHIFT),
				      .faulted = object ? object->faulted : buffer->faulted };
	struct pvdrm_args args = { .handle = buffer->handle };

	if (can_be_pooled(front, buffer))
		entry.global = global_of(gpu, buffer);
	if (object && !object->gart)
		object_ends(gpu, object);
	if (object)
		object_unmap(object);
	if (buffer->domain != VGPU_VRAM && !entry.global) /* before it is closed, like the original */
		shared_ends(gpu, entry.page, entry.bytes);
	if (slot_request(gpu, PVDRM_GEM_CLOSE, &args))
		return;
	front->shared -= buffer->domain != VGPU_VRAM;
	if (entry.global)
		pool_object(front, &entry);
}

/* Address space for an object. For a revived one, which is GART, the location of its pages is known. */
static int place_object(struct vgpu *gpu, struct vgpu_buffer *buffer)
{
	struct front *front = front_of(gpu);
	struct mapped_object *place = object_place(front);
	struct mapped_object object = { .bytes = buffer->capacity, .handle = buffer->handle, .faulted = buffer->faulted,
					.gart = buffer->domain != VGPU_VRAM };
	struct pvdrm_args args = { .handle = buffer->handle, .address = GUEST_GRANTS + buffer->address };
	int error;

	if (!place)
		return vgpu_fail(ENOSPC, "more than %d mapped objects", OBJECTS_MAX);
	error = buffer->placed ? 0 : slot_request(gpu, PVDRM_MMAP, &args);
	if (error)
		return refuse(error, "a mapping");
	buffer->placed = 1;
	object.guest_physical = args.address;
	buffer->data = object_reserve(place, &object);
	if (!buffer->data)
		return vgpu_fail(ENOMEM, "no address space for %llu bytes", (unsigned long long)object.bytes);
	return 0;
}

/* Like libdrm's nouveau_bo_map: each time it is mapped, the CPU asks whether it may have it. */
static int pvdrm_map(struct vgpu *gpu, struct vgpu_buffer *buffer)
{
	struct pvdrm_args args = { .handle = buffer->handle };
	int error = buffer->data ? 0 : place_object(gpu, buffer);

	if (error)
		return error;
	error = slot_request(gpu, PVDRM_CPU_PREP, &args);
	if (error == -EBUSY)
		return fence_wait(gpu, gpu->submitted);
	return error ? refuse(error, "an object to the CPU") : 0;
}

static int pvdrm_submit(struct vgpu *gpu, const struct vgpu_command *commands, unsigned int count)
{
	struct front *front = front_of(gpu);

	for (unsigned int i = 0; i < count; i++) {
		struct pvdrm_args args = { .channel = front->channel, .bytes = commands[i].header.bytes };
		int error;

		error = slot_request_with(gpu, PVDRM_PUSHBUF, &args, &commands[i], commands[i].header.bytes);
		if (error)
			return refuse(error, "a pushbuf");
	}
	return 0;
}

/* Asks for the state of the channel; the back-end stops one that hangs. */
static int pvdrm_fence_lost(struct vgpu *gpu)
{
	struct pvdrm_args args = { 0 };

	return slot_request(gpu, PVDRM_CPU_PREP, &args);
}

static const struct boundary_ops pvdrm_ops = {
	.close = pvdrm_close,
	.alloc = pvdrm_alloc,
	.free = pvdrm_free,
	.map = pvdrm_map,
	.submit = pvdrm_submit,
	.adopt = pvdrm_adopt,
	.fence_lost = pvdrm_fence_lost,
};

const struct boundary boundary_pvdrm = {
	.mode = "pvdrm",
	.open = pvdrm_open,
	.ops = &pvdrm_ops,
	.watched = 1,
	.spins = PVDRM_SPINS,
};
