/* passthrough: one guest owns the whole GPU; dom0 mapped it into the guest's memory (iomem). */
#include "ring.h"

static int passthrough_open(struct vgpu *gpu)
{
	struct ring *ring;
	int error = ring_open(gpu, &ring);

	if (!error)
		error = window_from_guest(ring, 1);
	return error ? error : ring_start(gpu, ring, VGPU_HEAP, VGPU_HEAP_END - VGPU_HEAP);
}

const struct boundary boundary_passthrough = {
	.mode = "passthrough",
	.open = passthrough_open,
	.ops = &ring_ops,
	.spins = 20000,
};
