/* The GPU's own state, shared only by its files. */
#ifndef VGPU_GPU_H
#define VGPU_GPU_H

#include <stdatomic.h>
#include <stdint.h>
#include "../abi/abi.h"
#include "../abi/spans.h"
#include "../machine/clock.h"

/* What a channel latched when it was enabled: later changes of its registers have no effect. */
struct channel {
	uint64_t ring_base;
	uint64_t gtt_base;
	uint32_t ring_bytes;
	uint32_t gtt_entries;
	uint32_t head;
	uint32_t fault;
	int enabled;
	unsigned int generation; /* counts enables and resets: commands from before one must end */
	uint64_t start_ns;
	uint64_t busy_ns;
	uint32_t launches; /* done since the fence before */
};

struct gpu {
	uint8_t *window;
	int memory_fd;
	uint8_t *ram; /* the box's memory, by machine address; NULL: it is not shared with us */
	uint64_t ram_bytes;
	int ram_fd;
	uint8_t *iommu; /* its reachable frames */
	int iommu_fd;
	int submit_fd;  /* eventfd: doorbell, vector VGPU_BELL_SUBMIT */
	int control_fd; /* eventfd: doorbell, vector VGPU_BELL_CONTROL */
	int interrupt_fd[VGPU_VECTORS];
	atomic_int control; /* a register asks for attention */
	atomic_int quit;
	uint64_t hung_ns; /* spent by hanging, which takes no CPU time */
	struct channel channel[VGPU_CHANNELS];
};

static inline struct vgpu_regs *gpu_regs(struct gpu *gpu)
{
	return (struct vgpu_regs *)(gpu->window + VGPU_REGS);
}

static inline struct vgpu_channel_regs *channel_regs(struct gpu *gpu, unsigned int c)
{
	return (struct vgpu_channel_regs *)(gpu->window + VGPU_CHANNEL(c));
}

/* Where the box's machine finds memory shared with us in addition to the window: among our descriptors, in
   /proc. */
enum { GPU_RAM_FD = 100, GPU_IOMMU_FD = 101 };

/* From here on in layers: each file calls only those before it. */

/* power.c: memory, the box's too where `ram_bytes` are asked for, and power-on state. 0, or -1 with errno. */
int gpu_create(struct gpu *gpu, uint64_t ram_bytes);
void gpu_destroy(struct gpu *gpu);
void gpu_power_on(struct gpu *gpu);

/* controls.c: serves enable, stop and reset, between commands and while one hangs. */
void controls_serve(struct gpu *gpu);
/* From here on the channel drops its commands, except fences. */
void channel_fault(struct gpu *gpu, unsigned int c, uint32_t fault);

/* A span as the engine sees it: in place when its pages are contiguous, else a copy to scatter back. */
struct mapping {
	struct vgpu_span span;
	uint8_t *data;
	uint8_t *copy;
};
/* gtt.c: the GPU's own reading of a channel's page table. Returns 0 or a vgpu_fault. */
uint32_t gtt_map(struct gpu *gpu, const struct channel *channel, const struct vgpu_span *span,
		 struct mapping *mapping, uint64_t *fault_address);
void gtt_unmap(struct gpu *gpu, const struct channel *channel, struct mapping *mapping);

/* kernels.c: computes; `aborted` is polled by kernels that can run for long. Returns 0 or a vgpu_fault. */
typedef int (*aborted_fn)(void *context);
uint32_t kernel_run(const struct vgpu_command *command, struct mapping *memory, aborted_fn aborted, void *context);

/* command.c: runs a checked command; returns 0 or a vgpu_fault. */
uint32_t command_run(struct gpu *gpu, struct channel *channel, const struct vgpu_command *command);

/* engine.c: runs channels in turn until `quit`; blocks on submit_fd when all are idle. */
void *engine_main(void *gpu);
/* One pass over all channels: returns how many commands ran. For tests, and for engine_main. */
unsigned int engine_pass(struct gpu *gpu);

/* ivshmem.c: the server's side of the wire, which hands memory and doorbells to the box. */
int ivshmem_greet(struct gpu *gpu, int socket_fd);

#endif
