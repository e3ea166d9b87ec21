/*
 * mediated, after gVirt (ATC'14): the guest's slice of VRAM and its ring are mapped; registers, GTT and the
 * ring's tail are trapped. The PVINFO page describes the slice, so the driver keeps to it by itself
 * (ballooning) and no address in a command needs translation.
 */
#include "mediated.h"

#include <errno.h>

static uint64_t pvinfo_read(struct vgpu *gpu, const volatile uint64_t *word)
{
	vgpu_cross(gpu, CROSS_REGISTER_READ);
	return *word;
}

int mediated_open_as(struct vgpu *gpu, int vram_trapped)
{
	const volatile struct vgpu_pvinfo *info;
	struct ring *ring;
	uint64_t base, bytes;
	int error = ring_open(gpu, &ring);

	if (!error)
		error = window_from_guest(ring, 0);
	if (error)
		return error;
	ring->trapped = 1;
	ring->vram_trapped = vram_trapped;
	info = (const volatile struct vgpu_pvinfo *)(ring->window + VGPU_PVINFO);
	if (pvinfo_read(gpu, &info->magic) != VGPU_PVINFO_MAGIC)
		return vgpu_fail(ENODEV, "no mediator answers: PVINFO has no magic");
	base = pvinfo_read(gpu, &info->slice_base);
	bytes = pvinfo_read(gpu, &info->slice_bytes);
	return ring_start(gpu, ring, base, bytes);
}

static int mediated_open(struct vgpu *gpu)
{
	return mediated_open_as(gpu, 0);
}

const struct boundary boundary_mediated = {
	.mode = "mediated",
	.open = mediated_open,
	.ops = &ring_ops,
	.watched = 1,
	.spins = 20000,
};
