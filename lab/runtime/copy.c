/* Copies between program and device, in all four ways. */
#include "boundary.h"

#include <errno.h>
#include <string.h>

int bounce_open(struct vgpu *gpu)
{
	int error = 0;

	for (unsigned int i = 0; !error && shares_memory(gpu) && i < BOUNCES; i++) {
		error = vgpu_alloc(gpu, BOUNCE_BYTES, VGPU_BOUNCE, &gpu->bounce[i]);
		if (!error)
			error = vgpu_map(gpu, &gpu->bounce[i]);
	}
	return error;
}

static int gpu_copy(struct vgpu *gpu, uint64_t to, uint64_t from, uint64_t bytes)
{
	struct vgpu_command command = {
		.header = { .opcode = VGPU_COPY, .bytes = sizeof(command.header) + sizeof(command.copy) },
		.copy = { .to = to, .from = from, .bytes = bytes },
	};

	return vgpu_command(gpu, &command);
}

/* Eight bytes at a time, so that a trapped copy causes as many crossings as a driver's would. */
static void words_copy(void *to, const void *from, uint64_t bytes)
{
	volatile uint64_t *out = to;
	const volatile uint64_t *in = from;

	for (uint64_t i = 0; i < bytes / 8; i++)
		out[i] = in[i];
	for (uint64_t i = bytes & ~7ull; i < bytes; i++)
		((volatile uint8_t *)to)[i] = ((const volatile uint8_t *)from)[i];
}

static uint64_t words(uint64_t bytes)
{
	return bytes / 8 + bytes % 8;
}

static void access_mapped(struct vgpu *gpu, void *to, const void *from, uint64_t bytes, enum crossing kind)
{
	if (!gpu->boundary->vram_trapped) {
		memcpy(to, from, bytes);
		return;
	}
	words_copy(to, from, bytes);
	for (uint64_t i = 0; i < words(bytes); i++)
		vgpu_cross(gpu, kind);
}

void vgpu_store(struct vgpu *gpu, void *mapped, const void *from, uint64_t bytes)
{
	access_mapped(gpu, mapped, from, bytes, CROSS_VRAM_WRITE);
}

void vgpu_load(struct vgpu *gpu, void *to, const void *mapped, uint64_t bytes)
{
	access_mapped(gpu, to, mapped, bytes, CROSS_VRAM_READ);
}

static int copy_direct(struct vgpu *gpu, struct vgpu_buffer *buffer, void *cpu, uint64_t bytes, int to_gpu)
{
	int error = vgpu_map(gpu, buffer);

	if (error)
		return error;
	if (to_gpu)
		vgpu_store(gpu, buffer->data, cpu, bytes);
	else
		vgpu_load(gpu, cpu, buffer->data, bytes);
	return vgpu_unmap(gpu, buffer);
}

/* In a mapped object, once the GPU has finished with it. */
static int copy_small(struct vgpu *gpu, struct vgpu_buffer *buffer, void *cpu, uint64_t bytes, int to_gpu)
{
	int error = vgpu_wait(gpu);

	if (error)
		return error;
	if (to_gpu)
		memcpy(buffer->data, cpu, bytes);
	else
		memcpy(cpu, buffer->data, bytes);
	return 0;
}

/* A piece of a copy in progress through its bounce buffer. */
struct piece {
	uint64_t at, bytes;
	uint64_t seq; /* of its command; 0: none is under way */
};

static int piece_start(struct vgpu *gpu, struct vgpu_buffer *buffer, struct vgpu_buffer *bounce, struct piece *piece,
		       int to_gpu)
{
	const struct vgpu_buffer used = { .address = bounce->address, .bytes = piece->bytes };
	uint64_t at = buffer->address + piece->at;
	int error;

	if (gpu->boundary->ops->bind)
		gpu->boundary->ops->bind(gpu, &used);
	error = to_gpu ? gpu_copy(gpu, at, bounce->address, piece->bytes)
		       : gpu_copy(gpu, bounce->address, at, piece->bytes);
	piece->seq = gpu->submitted;
	return error;
}

/* Waits for the piece, if there is one, and takes its data. */
static int piece_end(struct vgpu *gpu, const struct vgpu_buffer *bounce, struct piece *piece, uint8_t *cpu, int to_gpu)
{
	int error = piece->seq ? fence_wait(gpu, piece->seq) : 0;

	if (!error && piece->seq && !to_gpu)
		memcpy(cpu + piece->at, bounce->data, piece->bytes);
	piece->seq = 0;
	return error;
}

/* The CPU uses one bounce buffer while the GPU uses the other. */
static int copy_bounced(struct vgpu *gpu, struct vgpu_buffer *buffer, uint8_t *cpu, uint64_t bytes, int to_gpu)
{
	struct piece pieces[BOUNCES] = { 0 };
	unsigned int turn = 0;
	int error = 0;

	for (uint64_t done = 0; !error && done < bytes; turn = (turn + 1) % BOUNCES) {
		struct vgpu_buffer *bounce = &gpu->bounce[turn];
		struct piece *piece = &pieces[turn];

		error = piece_end(gpu, bounce, piece, cpu, to_gpu);
		if (error)
			break;
		piece->at = done;
		piece->bytes = bytes - done < BOUNCE_BYTES ? bytes - done : BOUNCE_BYTES;
		if (to_gpu)
			memcpy(bounce->data, cpu + done, piece->bytes);
		error = piece_start(gpu, buffer, bounce, piece, to_gpu);
		done += piece->bytes;
	}
	for (unsigned int i = 0; !error && i < BOUNCES; i++, turn = (turn + 1) % BOUNCES)
		error = piece_end(gpu, &gpu->bounce[turn], &pieces[turn], cpu, to_gpu);
	return error;
}

static int buffer_copy(struct vgpu *gpu, struct vgpu_buffer *buffer, void *cpu, uint64_t bytes, int to_gpu)
{
	if (bytes > buffer->bytes)
		return vgpu_fail(EINVAL, "a copy of %llu bytes to or from a buffer of %llu",
				 (unsigned long long)bytes, (unsigned long long)buffer->bytes);
	if (bytes == 0)
		return 0;
	gpu->usage.copied_bytes += bytes;
	if (gpu->boundary->ops->copy_to)
		return to_gpu ? gpu->boundary->ops->copy_to(gpu, buffer, cpu, bytes)
			      : gpu->boundary->ops->copy_from(gpu, cpu, buffer, bytes);
	if (gpu->boundary->vram_trapped)
		return copy_direct(gpu, buffer, cpu, bytes, to_gpu);
	if (buffer->data && bytes <= (to_gpu ? STORED_MAX : LOADED_MAX))
		return copy_small(gpu, buffer, cpu, bytes, to_gpu);
	return copy_bounced(gpu, buffer, cpu, bytes, to_gpu);
}

int vgpu_copy_to(struct vgpu *gpu, struct vgpu_buffer *to, const void *from, uint64_t bytes)
{
	return buffer_copy(gpu, to, (void *)(uintptr_t)from, bytes, 1);
}

int vgpu_copy_from(struct vgpu *gpu, void *to, struct vgpu_buffer *from, uint64_t bytes)
{
	return buffer_copy(gpu, from, to, bytes, 0);
}
