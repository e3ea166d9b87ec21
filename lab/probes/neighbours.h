/* Memory that is not ours, as far as a guest can know. */
#ifndef VGPU_NEIGHBOURS_H
#define VGPU_NEIGHBOURS_H

#include "../runtime/boundary.h"

#define STRANGERS 8

/* The first of them is the canary's page; the others are where neighbours have theirs, if there are any. */
unsigned int strangers(struct vgpu *gpu, const struct vgpu_buffer *own, uint64_t at[STRANGERS]);

/* Where others have what is at `offset` in their slice; up to STRANGERS - 1, none if there are no slices. */
unsigned int other_slices(struct vgpu *gpu, uint64_t offset, uint64_t *at);

#endif
