/* native: bare Linux on the machine that has the GPU; everything mapped, no hypervisor. */
#include "ring.h"

#include <errno.h>
#include <stdlib.h>

static int native_open(struct vgpu *gpu)
{
	struct ring *ring = calloc(1, sizeof(*ring));
	int error;

	if (!ring)
		return vgpu_fail(ENOMEM, "out of memory");
	gpu->state = ring;
	error = ring_lock(ring);
	if (!error)
		error = window_from_pci(ring);
	return error ? error : ring_start(gpu, ring, VGPU_HEAP, VGPU_HEAP_END - VGPU_HEAP);
}

const struct boundary boundary_native = {
	.mode = "native",
	.open = native_open,
	.close = ring_close,
	.alloc = ring_alloc,
	.free = ring_free,
	.map = ring_map,
	.bind = ring_bind,
	.submit = ring_submit,
	.fence_lost = ring_fence_lost,
	.spins = 20000,
};
