/* A boundary: how one mode carries the API's calls to the GPU. One file implements one boundary. */
#ifndef VGPU_BOUNDARY_H
#define VGPU_BOUNDARY_H

#include "vgpu.h"

/* What a driver does for its programs, once it is open. */
struct boundary_ops {
	void (*close)(struct vgpu *gpu);
	int (*alloc)(struct vgpu *gpu, struct vgpu_buffer *buffer);
	void (*free)(struct vgpu *gpu, struct vgpu_buffer *buffer);
	int (*map)(struct vgpu *gpu, struct vgpu_buffer *buffer);
	int (*unmap)(struct vgpu *gpu, struct vgpu_buffer *buffer); /* NULL: nothing to do */
	int (*submit)(struct vgpu *gpu, const struct vgpu_command *commands, unsigned int count);
	void (*bind)(struct vgpu *gpu, const struct vgpu_buffer *buffer); /* where the guest writes the GTT */
	int (*adopt)(struct vgpu *gpu, uint32_t global); /* opens an object by its global name, if there are any */
	int (*fence_lost)(struct vgpu *gpu); /* a fence missed its deadline: recover */

	/* Those that don't share memory with the GPU carry whole calls instead. */
	int (*copy_to)(struct vgpu *gpu, struct vgpu_buffer *to, const void *from, uint64_t bytes);
	int (*copy_from)(struct vgpu *gpu, void *to, struct vgpu_buffer *from, uint64_t bytes);
	int (*launch)(struct vgpu *gpu, const struct vgpu_command *command);
	int (*wait)(struct vgpu *gpu);
};

struct boundary {
	const char *mode;
	int (*open)(struct vgpu *gpu);
	const struct boundary_ops *ops;
	int vram_trapped; /* each access of an object is a crossing: no bounce buffer, no spinning on a fence */
	int watched; /* dom0 ends hangs, and others may have the GPU first: waits longer for a fence */
	unsigned int spins; /* polls of a fence before each further poll sleeps */
};

extern const struct boundary boundary_native, boundary_passthrough, boundary_mediated, boundary_emulation;
extern const struct boundary boundary_pvdrm, boundary_forwarding;

/*
 * From Gdev (common/gdev_api.c): two alternating bounce buffers for all copies of a program, created when it
 * opens; objects up to MAPPED_MAX are mapped when created, and small copies go through that mapping.
 */
#define BOUNCES 2
#define BOUNCE_BYTES (2ull << 20)
#define MAPPED_MAX (4ull << 20)
#define STORED_MAX (32ull << 10) /* to the device */
#define LOADED_MAX (4ull << 10)  /* from it */

struct vgpu {
	const struct boundary *boundary;
	void *state; /* the boundary's own */
	struct vgpu_usage usage;
	struct crossings *shared; /* the counters of all processes of this machine */
	struct vgpu_buffer fences;
	struct vgpu_buffer bounce[BOUNCES];
	uint64_t submitted;
	uint64_t completed;
	int failed; /* a fence reported a fault: sticky until close */
};

/* Once mapped, the CPU can read and write objects itself. */
static inline int shares_memory(const struct vgpu *gpu)
{
	return !gpu->boundary->ops->copy_to && !gpu->boundary->vram_trapped;
}

static inline void vgpu_cross_by(struct vgpu *gpu, enum crossing kind, uint64_t more)
{
	gpu->usage.crossings.count[kind] += more;
	crossings_add(gpu->shared, kind, more);
}

static inline void vgpu_cross(struct vgpu *gpu, enum crossing kind)
{
	vgpu_cross_by(gpu, kind, 1);
}

/* reason.c: remembers what vgpu_reason() returns, and returns -error. */
int vgpu_fail(int error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* patience.c: how long the GPU may take before this program reports a hang. */
uint64_t vgpu_hang_ns(const struct vgpu *gpu);

/* lock.c: one program of this machine has the GPU at a time; the next waits. A descriptor, or a negative
   errno. */
int device_lock(void);

/* fence.c: allocates the page that fences are written to, and waits for `seq`. */
int fence_open(struct vgpu *gpu);
int fence_wait(struct vgpu *gpu, uint64_t seq);
struct vgpu_command fence_command(struct vgpu *gpu);

/* copy.c: the bounce buffers, if copies need any. */
int bounce_open(struct vgpu *gpu);

#endif
