/* native: bare Linux on the machine that has the GPU; everything mapped, no hypervisor. */
#include "ring.h"

static int native_open(struct vgpu *gpu)
{
	struct ring *ring;
	int error = ring_open(gpu, &ring);

	if (!error)
		error = window_from_pci(ring);
	return error ? error : ring_start(gpu, ring, VGPU_HEAP, VGPU_HEAP_END - VGPU_HEAP);
}

const struct boundary boundary_native = { .mode = "native", .open = native_open, .ops = &ring_ops, .spins = 20000 };
