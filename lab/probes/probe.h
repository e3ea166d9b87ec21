/* What the probes share: verdicts, and whose memory is not theirs. */
#ifndef VGPU_PROBE_H
#define VGPU_PROBE_H

#include "../runtime/boundary.h"

#define REFUSED "refused"
#define ALLOWED "allowed"

/* Remembers why, and returns `word`. */
const char *verdict(const char *word, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Each returns a verdict, or NULL where the runtime failed; those given its place may open the GPU anew. */
const char *probe_map(struct vgpu *gpu);
const char *probe_submit(struct vgpu **gpu);
const char *probe_handle(struct vgpu *gpu);

/* neighbours.c: the first of them is the canary's page; the others are where neighbours have theirs, if there are any. */
#define STRANGERS 8
unsigned int strangers(struct vgpu *gpu, const struct vgpu_buffer *own, uint64_t at[STRANGERS]);
/* Where others have what lies `offset` into their slice; up to STRANGERS - 1, none where there are no slices. */
unsigned int other_slices(struct vgpu *gpu, uint64_t offset, uint64_t *at);
/* Where our own slice begins, 0 where there are none. */
uint64_t own_slice(struct vgpu *gpu);

#endif
