/* Requests of a driver to channels and to the whole GPU: start, stop, reset. */
#include "gpu.h"

static int ring_valid(const struct channel *channel)
{
	uint64_t gtt_bytes = (uint64_t)channel->gtt_entries * 8;

	return channel->ring_bytes >= VGPU_PAGE && channel->ring_bytes <= VGPU_RING_BYTES &&
	       (channel->ring_bytes & (channel->ring_bytes - 1)) == 0 && channel->ring_base % VGPU_PAGE == 0 &&
	       channel->ring_base <= VGPU_WINDOW - channel->ring_bytes && channel->gtt_base % VGPU_PAGE == 0 &&
	       channel->gtt_entries <= VGPU_WINDOW_PAGES && channel->gtt_base <= VGPU_WINDOW - gtt_bytes;
}

void channel_fault(struct gpu *gpu, unsigned int c, uint32_t fault)
{
	gpu->channel[c].fault = fault;
	channel_regs(gpu, c)->fault_code = fault;
	channel_regs(gpu, c)->state = VGPU_CHANNEL_FAULTED;
	gpu_regs(gpu)->faults++;
}

static void enable(struct gpu *gpu, unsigned int c)
{
	struct vgpu_channel_regs *regs = channel_regs(gpu, c);
	struct channel *channel = &gpu->channel[c];

	*channel = (struct channel){
		.ring_base = regs->ring_base,
		.gtt_base = regs->gtt_base,
		.ring_bytes = regs->ring_bytes,
		.gtt_entries = regs->gtt_entries,
		.generation = channel->generation + 1,
	};
	regs->head = 0;
	regs->tail = 0;
	regs->stop = 0;
	regs->fault_code = 0;
	regs->fault_address = 0;
	regs->commands = 0;
	regs->launches = 0;
	regs->busy_ns = 0;
	regs->spent_ns = 0;
	channel->enabled = ring_valid(channel);
	if (channel->enabled)
		regs->state = VGPU_CHANNEL_READY;
	else
		channel_fault(gpu, c, VGPU_FAULT_RING);
	__atomic_store_n(&regs->enable, VGPU_ENABLED, __ATOMIC_RELEASE);
}

static void reset(struct gpu *gpu)
{
	uint64_t resets = gpu_regs(gpu)->resets + 1;

	gpu_power_on(gpu);
	gpu_regs(gpu)->resets = resets;
}

/* There is nothing left to abort if the channel finished meanwhile: later commands are not to blame. */
static void stop(struct gpu *gpu, unsigned int c)
{
	struct vgpu_channel_regs *regs = channel_regs(gpu, c);

	if (gpu->channel[c].head != __atomic_load_n(&regs->tail, __ATOMIC_ACQUIRE))
		channel_fault(gpu, c, VGPU_FAULT_STOPPED);
	__atomic_store_n(&regs->stop, 0, __ATOMIC_RELEASE);
}

void controls_serve(struct gpu *gpu)
{
	atomic_store(&gpu->control, 0);
	if (__atomic_load_n(&gpu_regs(gpu)->reset, __ATOMIC_ACQUIRE))
		reset(gpu);
	for (unsigned int c = 0; c < VGPU_CHANNELS; c++) {
		struct vgpu_channel_regs *regs = channel_regs(gpu, c);

		if (__atomic_load_n(&regs->stop, __ATOMIC_ACQUIRE))
			stop(gpu, c);
		if (__atomic_load_n(&regs->enable, __ATOMIC_ACQUIRE) == 1)
			enable(gpu, c);
	}
}
