/* A guest's commands: scanned when its tail is written, queued as private copies until its time slice. */
#include "vgpu.h"

static void fence_refuse(struct vgpu_guest *guest, uint64_t address, uint64_t seq)
{
	struct vgpu_span span = { .address = address, .bytes = sizeof(struct vgpu_fence) };
	volatile struct vgpu_fence *fence;

	if (address % 8 || !vgpu_span_inside(&span, guest->slice.base, guest->slice.bytes))
		return;
	fence = (volatile struct vgpu_fence *)card_at(guest->card, address, sizeof(*fence));
	fence->status = guest->fault;
	fence->start_ns = 0;
	fence->end_ns = 0;
	fence->busy_ns = 0;
	__atomic_store_n(&fence->seq, seq, __ATOMIC_RELEASE);
}

void vgpu_guest_fail(struct vgpu_guest *guest, uint32_t fault)
{
	guest->fault = fault;
	guest->regs.state = VGPU_CHANNEL_FAULTED;
	guest->regs.fault_code = fault;
}

static void enqueue(struct vgpu_guest *guest, const struct vgpu_command *command)
{
	const uint8_t *bytes = (const uint8_t *)command;

	if (VGPU_QUEUE_BYTES - (guest->queue_tail - guest->queue_head) < command->header.bytes) {
		vgpu_guest_fail(guest, VGPU_FAULT_RING);
		return;
	}
	for (uint32_t i = 0; i < command->header.bytes; i++)
		guest->queue[guest->queue_tail++ % VGPU_QUEUE_BYTES] = bytes[i];
}

/* A rejected command faults the channel, as on hardware; its fences report that. */
static void scan_one(struct vgpu_guest *guest, const struct vgpu_command *command)
{
	uint32_t fault = guest->fault ? 0 : scan_command(&guest->slice, command);

	if (fault) {
		vgpu_guest_count_refused(guest);
		vgpu_guest_fail(guest, fault);
	}
	if (!guest->fault)
		enqueue(guest, command);
	else if (command->header.opcode == VGPU_FENCE)
		fence_refuse(guest, command->fence.address, command->fence.seq);
}

/* Copies and checks the commands between head and tail; the guest may reuse the ring at once. */
void vgpu_guest_submit(struct vgpu_guest *guest, uint32_t tail)
{
	struct vgpu_channel_regs *regs = &guest->regs;
	const uint8_t *ring;

	if (regs->enable != VGPU_ENABLED || tail - regs->head > regs->ring_bytes) {
		vgpu_guest_count_refused(guest);
		return;
	}
	ring = card_at(guest->card, regs->ring_base, regs->ring_bytes);
	while (regs->head != tail) {
		struct vgpu_command command;
		int bytes = vgpu_command_fetch(ring, regs->ring_bytes, regs->head, tail - regs->head, &command);

		if (bytes <= 0) {
			vgpu_guest_count_refused(guest);
			vgpu_guest_fail(guest, VGPU_FAULT_COMMAND);
			regs->head = tail;
			break;
		}
		scan_one(guest, &command);
		regs->head += (uint32_t)bytes;
	}
	regs->tail = tail;
}

void vgpu_guest_drop(struct vgpu_guest *guest, uint32_t fault)
{
	guest->queue_head = guest->queue_tail;
	if (fault)
		vgpu_guest_fail(guest, fault);
}

uint32_t vgpu_guest_next(struct vgpu_guest *guest, struct vgpu_command *command)
{
	int bytes = vgpu_command_fetch(guest->queue, VGPU_QUEUE_BYTES, guest->queue_head,
				       guest->queue_tail - guest->queue_head, command);

	if (bytes <= 0) {
		guest->queue_head = guest->queue_tail;
		return 0;
	}
	guest->queue_head += (uint32_t)bytes;
	return (uint32_t)bytes;
}
