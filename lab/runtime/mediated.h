#ifndef VGPU_MEDIATED_H
#define VGPU_MEDIATED_H

#include "ring.h"

/* Opens what a mediator shows; `vram_trapped` means that it maps nothing at all. */
int mediated_open_as(struct vgpu *gpu, int vram_trapped);

#endif
