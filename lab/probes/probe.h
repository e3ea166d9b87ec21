/* The probes: each returns a verdict, or NULL if the runtime failed; those that are given its place may
   reopen the GPU. */
#ifndef VGPU_PROBE_H
#define VGPU_PROBE_H

#include "../runtime/vgpu.h"

const char *probe_map(struct vgpu *gpu);
const char *probe_submit(struct vgpu **gpu);
const char *probe_handle(struct vgpu *gpu);

#endif
