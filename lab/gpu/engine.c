#include "gpu.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

/* A channel yields at a fence, or after this many commands. */
#define TURN_COMMANDS 64

static void account(struct gpu *gpu, unsigned int c, const struct vgpu_command *command, uint64_t ns)
{
	struct vgpu_channel_regs *regs = channel_regs(gpu, c);

	regs->commands++;
	regs->busy_ns += ns;
	gpu_regs(gpu)->commands++;
	gpu_regs(gpu)->busy_ns += ns;
	if (command->header.opcode == VGPU_LAUNCH) {
		regs->launches++;
		gpu_regs(gpu)->launches++;
	}
}

/* Runs one command, or drops it if the channel has faulted: its fences still report, so nobody waits in vain. */
static void step(struct gpu *gpu, unsigned int c, const struct vgpu_command *command)
{
	struct channel *channel = &gpu->channel[c];
	unsigned int generation = channel->generation;
	uint64_t began = now_ns();
	uint32_t fault;

	if (channel->fault && command->header.opcode != VGPU_FENCE)
		return;
	if (!channel->start_ns)
		channel->start_ns = began;
	fault = command_run(gpu, channel, command);
	if (command->header.opcode != VGPU_FENCE) {
		uint64_t ns = now_ns() - began;

		channel->busy_ns += ns;
		channel->launches += !fault && command->header.opcode == VGPU_LAUNCH;
		account(gpu, c, command, ns);
	}
	if (fault && generation == channel->generation && !channel->fault)
		channel_fault(gpu, c, fault);
}

/* The next command of the ring. Returns its length, or 0 if there is none, or none that can be parsed. */
static unsigned int next_command(struct gpu *gpu, unsigned int c, struct vgpu_command *command)
{
	struct vgpu_channel_regs *regs = channel_regs(gpu, c);
	struct channel *channel = &gpu->channel[c];
	uint32_t pending = __atomic_load_n(&regs->tail, __ATOMIC_ACQUIRE) - channel->head;
	int bytes;

	if (pending == 0 || pending > channel->ring_bytes)
		return 0;
	bytes = vgpu_command_fetch(gpu->window + channel->ring_base, channel->ring_bytes, channel->head, pending,
				   command);
	if (bytes > 0)
		return (unsigned int)bytes;
	channel_fault(gpu, c, VGPU_FAULT_COMMAND);
	channel->head += pending; /* the rest can't be parsed: drop it all */
	regs->head = channel->head;
	return 0;
}

/* Returns the commands run: to a fence, to the turn's end, or to the tail. */
static unsigned int turn(struct gpu *gpu, unsigned int c)
{
	struct vgpu_channel_regs *regs = channel_regs(gpu, c);
	struct channel *channel = &gpu->channel[c];
	unsigned int generation = channel->generation;
	unsigned int ran = 0;

	while (channel->enabled && ran < TURN_COMMANDS) {
		struct vgpu_command command;
		unsigned int bytes = next_command(gpu, c, &command);

		if (!bytes)
			break;
		regs->state = channel->fault ? VGPU_CHANNEL_FAULTED : VGPU_CHANNEL_BUSY;
		step(gpu, c, &command);
		ran++;
		if (generation != channel->generation) /* head belongs to the next owner */
			break;
		channel->head += bytes;
		__atomic_store_n(&regs->head, channel->head, __ATOMIC_RELEASE);
		if (command.header.opcode == VGPU_FENCE)
			break;
	}
	if (ran && channel->enabled && !channel->fault)
		regs->state = VGPU_CHANNEL_READY;
	return ran;
}

unsigned int engine_pass(struct gpu *gpu)
{
	unsigned int ran = 0;

	for (unsigned int c = 0; c < VGPU_CHANNELS; c++) {
		if (atomic_load(&gpu->control))
			controls_serve(gpu);
		ran += turn(gpu, c);
	}
	return ran;
}

/* The box makes the eventfd non-blocking for its own use, and so for ours: hence the poll. */
static int doorbell_wait(struct gpu *gpu)
{
	struct pollfd ready = { .fd = gpu->submit_fd, .events = POLLIN };
	uint64_t rung;

	if (poll(&ready, 1, -1) < 0)
		return errno == EINTR ? 0 : -1;
	return read(gpu->submit_fd, &rung, sizeof(rung)) < 0 && errno != EAGAIN && errno != EINTR ? -1 : 0;
}

void *engine_main(void *argument)
{
	struct gpu *gpu = argument;

	while (!atomic_load(&gpu->quit))
		if (!engine_pass(gpu) && doorbell_wait(gpu) < 0)
			break;
	return NULL;
}
