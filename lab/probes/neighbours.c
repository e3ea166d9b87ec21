#include "neighbours.h"
#include "../runtime/ring.h"

#include <stddef.h>

static uint64_t pvinfo(struct vgpu *gpu, const volatile uint64_t *word)
{
	vgpu_cross(gpu, CROSS_REGISTER_READ);
	return *word;
}

static const volatile struct vgpu_pvinfo *pvinfo_of(struct vgpu *gpu)
{
	const struct ring *ring = gpu->boundary->ops->bind ? gpu->state : NULL;

	return ring && ring->trapped ? (const volatile struct vgpu_pvinfo *)(ring->window + VGPU_PVINFO) : NULL;
}

/* The start of our own slice, 0 if there are none. */
static uint64_t own_slice(struct vgpu *gpu)
{
	const volatile struct vgpu_pvinfo *info = pvinfo_of(gpu);

	return info ? pvinfo(gpu, &info->slice_base) : 0;
}

/* Slices have equal sizes and are adjacent: every place where there may be another's. */
unsigned int other_slices(struct vgpu *gpu, uint64_t offset, uint64_t *at)
{
	const volatile struct vgpu_pvinfo *info = pvinfo_of(gpu);
	uint64_t own = own_slice(gpu), bytes = info ? pvinfo(gpu, &info->slice_bytes) : 0;
	unsigned int count = 0;

	for (uint64_t base = VGPU_HEAP; bytes && base + bytes <= VGPU_HEAP_END && count < STRANGERS - 1; base += bytes)
		if (base != own)
			at[count++] = base + offset;
	return count;
}

/* Objects of all guests are in one heap: what is next to ours is another's, or nobody's. */
static unsigned int beside(const struct vgpu_buffer *own, uint64_t *at)
{
	unsigned int count = 0;

	if (own->address >= VGPU_HEAP + VGPU_PAGE)
		at[count++] = own->address - VGPU_PAGE;
	at[count++] = own->address + VGPU_PAGE;
	return count;
}

unsigned int strangers(struct vgpu *gpu, const struct vgpu_buffer *own, uint64_t at[STRANGERS])
{
	at[0] = VGPU_CANARY;
	if (!gpu->boundary->ops->bind)
		return 1 + beside(own, at + 1);
	return 1 + other_slices(gpu, own->address - own_slice(gpu), at + 1);
}
