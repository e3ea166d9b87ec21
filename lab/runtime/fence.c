/* Completion without a crossing: the GPU writes a fence to memory that the guest has mapped. */
#include "boundary.h"
#include "../machine/wait.h"

#include <errno.h>
#include <stdio.h>

#define FENCE_STRIDE 64u
#define FENCE_SLOTS (VGPU_PAGE / FENCE_STRIDE)

int fence_open(struct vgpu *gpu)
{
	int error = vgpu_alloc(gpu, VGPU_PAGE, VGPU_GART, &gpu->fences);

	if (!error)
		error = vgpu_map(gpu, &gpu->fences);
	for (unsigned int i = 0; !error && i < FENCE_SLOTS; i++) {
		volatile uint64_t *seq = (volatile uint64_t *)((uint8_t *)gpu->fences.data + i * FENCE_STRIDE);

		*seq = 0;
		if (gpu->boundary->vram_trapped)
			vgpu_cross(gpu, CROSS_VRAM_WRITE);
	}
	return error;
}

static uint64_t slot_at(uint64_t seq)
{
	return seq % FENCE_SLOTS * FENCE_STRIDE;
}

struct vgpu_command fence_command(struct vgpu *gpu)
{
	return (struct vgpu_command){
		.header = { .opcode = VGPU_FENCE, .bytes = sizeof(struct vgpu_header) + 16 },
		.fence = { .address = gpu->fences.address + slot_at(gpu->submitted), .seq = gpu->submitted },
	};
}

static uint64_t fence_read(struct vgpu *gpu, const volatile uint64_t *word)
{
	if (gpu->boundary->vram_trapped)
		vgpu_cross(gpu, CROSS_VRAM_READ);
	return __atomic_load_n(word, __ATOMIC_ACQUIRE);
}

static int fence_poll(struct vgpu *gpu, const volatile struct vgpu_fence *fence, uint64_t seq)
{
	struct wait wait = { 0 };
	uint64_t patience = vgpu_hang_ns(gpu);
	int error = 0;

	while (!error && fence_read(gpu, &fence->seq) != seq)
		error = wait_on(&wait, gpu->boundary->spins, patience);
	return error;
}

static const char *fault_name(uint64_t fault)
{
	static const char *const names[] = { "none", "page", "command", "kernel", "stopped", "ring" };

	return fault < sizeof(names) / sizeof(names[0]) ? names[fault] : "unknown";
}

static int fence_take(struct vgpu *gpu, uint64_t seq)
{
	const volatile struct vgpu_fence *fence =
		(const volatile struct vgpu_fence *)((uint8_t *)gpu->fences.data + slot_at(seq));
	uint64_t status;
	int error = fence_poll(gpu, fence, seq);

	if (error) {
		gpu->failed = 1;
		gpu->boundary->ops->fence_lost(gpu);
		return vgpu_fail(EIO, "the GPU hangs: no fence after %llu ms",
				 (unsigned long long)(vgpu_hang_ns(gpu) / 1000000));
	}
	gpu->completed = seq;
	status = fence_read(gpu, &fence->status);
	gpu->usage.gpu_ns += fence_read(gpu, &fence->busy_ns);
	gpu->usage.gpu_launches += VGPU_FENCE_LAUNCHES(status);
	if (VGPU_FENCE_FAULT(status)) {
		gpu->failed = 1;
		return vgpu_fail(EFAULT, "the GPU refused a command: %s fault", fault_name(VGPU_FENCE_FAULT(status)));
	}
	return 0;
}

int fence_wait(struct vgpu *gpu, uint64_t seq)
{
	int error = 0;

	if (gpu->failed)
		return -EIO;
	while (!error && gpu->completed < seq)
		error = fence_take(gpu, gpu->completed + 1);
	return error;
}
