/* Copies between program and device, in the three manners there are. */
#include "boundary.h"

#include <errno.h>
#include <string.h>

#define BOUNCE_MAX (1ull << 20)

static int gpu_copy(struct vgpu *gpu, uint64_t to, uint64_t from, uint64_t bytes)
{
	struct vgpu_command command = {
		.header = { .opcode = VGPU_COPY, .bytes = sizeof(command.header) + sizeof(command.copy) },
		.copy = { .to = to, .from = from, .bytes = bytes },
	};
	int error = vgpu_command(gpu, &command);

	return error ? error : vgpu_wait(gpu);
}

/* Eight bytes at a time, so that a trapped copy is as many crossings as a driver's would be. */
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

/* One bounce buffer per call, as Gdev allocates them: its life is part of a copy's cost. */
static int copy_bounced(struct vgpu *gpu, struct vgpu_buffer *buffer, uint8_t *cpu, uint64_t bytes, int to_gpu)
{
	uint64_t piece = bytes < BOUNCE_MAX ? bytes : BOUNCE_MAX;
	struct vgpu_buffer bounce;
	int error = vgpu_alloc(gpu, piece, VGPU_GART, &bounce);

	if (error)
		return error;
	error = vgpu_map(gpu, &bounce);
	for (uint64_t done = 0; !error && done < bytes; done += piece) {
		uint64_t part = bytes - done < piece ? bytes - done : piece;

		if (to_gpu)
			memcpy(bounce.data, cpu + done, part);
		error = to_gpu ? gpu_copy(gpu, buffer->address + done, bounce.address, part)
			       : gpu_copy(gpu, bounce.address, buffer->address + done, part);
		if (!error && !to_gpu)
			memcpy(cpu + done, bounce.data, part);
	}
	vgpu_free(gpu, &bounce);
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
