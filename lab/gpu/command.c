#include "gpu.h"

#include <string.h>

#define HANG_NAP_US 200
#define HANG_NAP_MAX_NS 1000000u

struct running {
	struct gpu *gpu;
	struct channel *channel;
	unsigned int generation;
	uint64_t began_ns; /* by the GPU's own time */
};

/* The GPU's own time stands still while the host's cores are busy elsewhere: a slow host is not a hang. */
static uint64_t own_time_ns(const struct gpu *gpu)
{
	struct timespec cpu;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &cpu);
	return (uint64_t)cpu.tv_sec * 1000000000ull + (uint64_t)cpu.tv_nsec + gpu->hung_ns;
}

static void tell_spent(const struct running *running, uint64_t ns)
{
	struct gpu *gpu = running->gpu;
	unsigned int c = (unsigned int)(running->channel - gpu->channel);

	__atomic_store_n(&channel_regs(gpu, c)->spent_ns, ns, __ATOMIC_RELAXED);
}

/* True once somebody stopped this channel; other channels' controls are served meanwhile. */
static int stopped(void *context)
{
	struct running *running = context;

	tell_spent(running, own_time_ns(running->gpu) - running->began_ns);
	if (atomic_load(&running->gpu->quit))
		return 1;
	if (atomic_load(&running->gpu->control))
		controls_serve(running->gpu);
	return running->channel->generation != running->generation || running->channel->fault == VGPU_FAULT_STOPPED;
}

static uint32_t hang(struct running *running)
{
	while (!stopped(running)) {
		uint64_t began = now_ns(), ns;

		nap_us(HANG_NAP_US);
		ns = now_ns() - began;
		running->gpu->hung_ns += ns < HANG_NAP_MAX_NS ? ns : HANG_NAP_MAX_NS;
	}
	return VGPU_FAULT_STOPPED;
}

static void fence_write(struct channel *channel, const struct vgpu_command *command, struct mapping *memory)
{
	struct vgpu_fence *fence = (struct vgpu_fence *)memory[0].data;

	fence->status = VGPU_FENCE_STATUS(channel->fault, channel->launches);
	fence->start_ns = channel->start_ns;
	fence->end_ns = now_ns();
	fence->busy_ns = channel->busy_ns;
	__atomic_store_n(&fence->seq, command->fence.seq, __ATOMIC_RELEASE);
	channel->start_ns = 0;
	channel->busy_ns = 0;
	channel->launches = 0;
}

static void fill(const struct vgpu_command *command, struct mapping *memory)
{
	const uint8_t *value = (const uint8_t *)&command->fill.value;

	for (uint64_t i = 0; i < command->fill.bytes; i++)
		memory[0].data[i] = value[i % 8];
}

static uint32_t execute(struct running *running, const struct vgpu_command *command, struct mapping *memory)
{
	switch (command->header.opcode) {
	case VGPU_MEMBAR:
		atomic_thread_fence(memory_order_seq_cst);
		return VGPU_FAULT_NONE;
	case VGPU_FENCE:
		fence_write(running->channel, command, memory);
		return VGPU_FAULT_NONE;
	case VGPU_COPY:
		if (command->copy.bytes)
			memmove(memory[0].data, memory[1].data, command->copy.bytes);
		return VGPU_FAULT_NONE;
	case VGPU_FILL:
		fill(command, memory);
		return VGPU_FAULT_NONE;
	case VGPU_LAUNCH:
		return kernel_run(command, memory, stopped, running);
	case VGPU_HANG:
		return hang(running);
	default:
		return VGPU_FAULT_NONE;
	}
}

uint32_t command_run(struct gpu *gpu, struct channel *channel, const struct vgpu_command *command)
{
	struct running running = { .gpu = gpu, .channel = channel, .generation = channel->generation,
				   .began_ns = own_time_ns(gpu) };
	struct vgpu_channel_regs *regs = channel_regs(gpu, (unsigned int)(channel - gpu->channel));
	struct vgpu_span spans[VGPU_SPANS_MAX];
	struct mapping memory[VGPU_SPANS_MAX] = { 0 };
	uint64_t fault_address = 0;
	uint32_t fault = VGPU_FAULT_NONE;
	int mapped = 0;
	int count = vgpu_command_spans(command, spans);

	if (count < 0)
		return (uint32_t)-count;
	tell_spent(&running, 0);
	while (mapped < count && !fault) {
		fault = gtt_map(gpu, channel, &spans[mapped], &memory[mapped], &fault_address);
		mapped += !fault;
	}
	if (!fault)
		fault = execute(&running, command, memory);
	else
		regs->fault_address = fault_address;
	tell_spent(&running, 0);
	while (mapped > 0)
		gtt_unmap(gpu, channel, &memory[--mapped]);
	return fault;
}
