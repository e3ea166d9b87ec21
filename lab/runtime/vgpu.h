/*
 * What a GPGPU program links: one API, whatever boundary lies between it and the GPU. Functions return 0 or a
 * negative errno; vgpu_reason() then returns the reason.
 */
#ifndef VGPU_H
#define VGPU_H

#include <stdint.h>
#include "../abi/abi.h"
#include "../protocol/crossings.h"

struct vgpu;

enum vgpu_domain {
	VGPU_VRAM,
	VGPU_GART,   /* memory that CPU and GPU share: pinned buffers, fences */
	VGPU_BOUNCE, /* the same, and in the page table only as far as copies have used it */
};

struct vgpu_buffer {
	uint64_t address; /* as the GPU sees it */
	uint64_t bytes;
	void *data; /* as the CPU sees it; NULL until mapped */
	enum vgpu_domain domain;
	uint32_t handle;
	uint32_t global;
	uint64_t capacity; /* pvdrm: bytes of the object behind it; a pooled one may be larger */
	uint64_t faulted;  /* pvdrm: chunks that are mapped already, a bit each */
	uint32_t placed;   /* pvdrm: the back-end has reported where its pages are */
};

struct vgpu_usage {
	uint64_t launches;     /* requested */
	uint64_t gpu_launches; /* done, as counted by the GPU for the commands waited for */
	uint64_t copied_bytes; /* between host and device, both ways */
	uint64_t gpu_ns;       /* as measured by the GPU for the commands waited for */
	struct crossings crossings;
};

int vgpu_open(struct vgpu **gpu);
/* `usage` may be NULL; it includes the closing itself. */
void vgpu_close(struct vgpu *gpu, struct vgpu_usage *usage);
const char *vgpu_mode(const struct vgpu *gpu);
const char *vgpu_reason(void);
const struct vgpu_usage *vgpu_usage(const struct vgpu *gpu);

int vgpu_alloc(struct vgpu *gpu, uint64_t bytes, enum vgpu_domain domain, struct vgpu_buffer *buffer);
void vgpu_free(struct vgpu *gpu, struct vgpu_buffer *buffer);

/* After map, `data` holds what the GPU last wrote; after unmap, the GPU sees what was written there. */
int vgpu_map(struct vgpu *gpu, struct vgpu_buffer *buffer);
int vgpu_unmap(struct vgpu *gpu, struct vgpu_buffer *buffer);
/* The CPU's own access to a mapped buffer: if that is trapped, each eight bytes are a crossing, and counted. */
void vgpu_store(struct vgpu *gpu, void *mapped, const void *from, uint64_t bytes);
void vgpu_load(struct vgpu *gpu, void *to, const void *mapped, uint64_t bytes);

/* Done on return. */
int vgpu_copy_to(struct vgpu *gpu, struct vgpu_buffer *to, const void *from, uint64_t bytes);
int vgpu_copy_from(struct vgpu *gpu, void *to, struct vgpu_buffer *from, uint64_t bytes);

/* Launches are asynchronous and in order; wait returns once all are done, or the reason why one was not. */
int vgpu_launch(struct vgpu *gpu, enum vgpu_kernel kernel, const uint64_t *args, uint32_t count);
int vgpu_command(struct vgpu *gpu, const struct vgpu_command *command);
int vgpu_wait(struct vgpu *gpu);

#endif
