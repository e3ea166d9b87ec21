/* emulation: the mediator again, but nothing is mapped: every access of the driver is trapped. */
#include "mediated.h"

static int emulation_open(struct vgpu *gpu)
{
	return mediated_open_as(gpu, 1);
}

const struct boundary boundary_emulation = {
	.mode = "emulation",
	.open = emulation_open,
	.close = ring_close,
	.alloc = ring_alloc,
	.free = ring_free,
	.map = ring_map,
	.bind = ring_bind,
	.submit = ring_submit,
	.fence_lost = ring_fence_lost,
	.direct_copy = 1,
	.spins = 0,
};
