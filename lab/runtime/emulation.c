/* emulation: the mediator again, but nothing is mapped: every access of the driver is trapped. */
#include "mediated.h"

static int emulation_open(struct vgpu *gpu)
{
	return mediated_open_as(gpu, 1);
}

const struct boundary boundary_emulation = {
	.mode = "emulation",
	.open = emulation_open,
	.ops = &ring_ops,
	.vram_trapped = 1,
	.watched = 1,
};
