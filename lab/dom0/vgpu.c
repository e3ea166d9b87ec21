#include "vgpu.h"

#include <string.h>

void vgpu_guest_init(struct vgpu_guest *guest, const struct card *card, uint32_t index, uint64_t slice_bytes,
		     int vram_trapped, struct crossings *counters)
{
	memset(guest, 0, sizeof(*guest));
	guest->card = card;
	guest->index = index;
	guest->slice = (struct slice){ .base = VGPU_HEAP + index * slice_bytes, .bytes = slice_bytes };
	guest->vram_trapped = vram_trapped;
	guest->counters = counters;
}

static void refused(struct vgpu_guest *guest)
{
	crossings_count(guest->counters, CROSS_REFUSED);
}

static uint64_t take(const void *from, uint64_t at, unsigned int size, uint64_t room)
{
	uint64_t value = 0;

	if (at < room && size <= room - at)
		memcpy(&value, (const uint8_t *)from + at, size);
	return value;
}

static void fence_refuse(struct vgpu_guest *guest, uint64_t address, uint64_t seq)
{
	struct vgpu_span span = { .address = address, .bytes = sizeof(struct vgpu_fence) };
	volatile struct vgpu_fence *fence;

	if (address % 8 || !vgpu_span_inside(&span, guest->slice.base, guest->slice.bytes))
		return;
	fence = (volatile struct vgpu_fence *)(guest->card->window + address);
	fence->status = guest->fault;
	fence->start_ns = 0;
	fence->end_ns = 0;
	fence->busy_ns = 0;
	__atomic_store_n(&fence->seq, seq, __ATOMIC_RELEASE);
}

static void fail(struct vgpu_guest *guest, uint32_t fault)
{
	guest->fault = fault;
	guest->regs.state = VGPU_CHANNEL_FAULTED;
	guest->regs.fault_code = fault;
}

static void enqueue(struct vgpu_guest *guest, const struct vgpu_command *command)
{
	const uint8_t *bytes = (const uint8_t *)command;

	if (VGPU_QUEUE_BYTES - (guest->queue_tail - guest->queue_head) < command->header.bytes) {
		fail(guest, VGPU_FAULT_RING);
		return;
	}
	for (uint32_t i = 0; i < command->header.bytes; i++)
		guest->queue[guest->queue_tail++ % VGPU_QUEUE_BYTES] = bytes[i];
}

/* A command that is turned down faults the channel, as the hardware would; its fences tell. */
static void scan_one(struct vgpu_guest *guest, const struct vgpu_command *command)
{
	uint32_t fault = guest->fault ? 0 : scan_command(&guest->slice, command);

	if (fault) {
		refused(guest);
		fail(guest, fault);
	}
	if (!guest->fault)
		enqueue(guest, command);
	else if (command->header.opcode == VGPU_FENCE)
		fence_refuse(guest, command->fence.address, command->fence.seq);
}

static int ring_inside(const struct vgpu_guest *guest)
{
	struct vgpu_span span = { .address = guest->regs.ring_base, .bytes = guest->regs.ring_bytes };
	uint32_t bytes = guest->regs.ring_bytes;

	return bytes >= VGPU_PAGE && bytes <= VGPU_RING_BYTES && (bytes & (bytes - 1)) == 0 &&
	       span.address % VGPU_PAGE == 0 && vgpu_span_inside(&span, guest->slice.base, guest->slice.bytes);
}

/* Copies and checks what lies between head and tail; the guest may use the ring again at once. */
static void tail_written(struct vgpu_guest *guest, uint32_t tail)
{
	struct vgpu_channel_regs *regs = &guest->regs;

	if (regs->enable != VGPU_ENABLED || tail - regs->head > regs->ring_bytes) {
		refused(guest);
		return;
	}
	while (regs->head != tail) {
		struct vgpu_command command;
		int bytes = vgpu_command_fetch(guest->card->window + regs->ring_base, regs->ring_bytes, regs->head,
					       tail - regs->head, &command);

		if (bytes <= 0) {
			refused(guest);
			fail(guest, VGPU_FAULT_COMMAND);
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
		fail(guest, fault);
}

static void enable_written(struct vgpu_guest *guest, uint64_t value)
{
	struct vgpu_channel_regs *regs = &guest->regs;

	if (value != 1)
		return;
	vgpu_guest_drop(guest, 0);
	guest->wants_reset = 1;
	guest->fault = 0;
	regs->head = 0;
	regs->tail = 0;
	regs->fault_code = 0;
	regs->state = VGPU_CHANNEL_READY;
	regs->enable = VGPU_ENABLED;
	if (!ring_inside(guest)) {
		refused(guest);
		fail(guest, VGPU_FAULT_RING);
		regs->enable = 0;
	}
}

static void channel_write(struct vgpu_guest *guest, uint64_t at, unsigned int size, uint64_t value)
{
	struct vgpu_channel_regs *regs = &guest->regs;

	crossings_count(guest->counters,
			at == offsetof(struct vgpu_channel_regs, tail) ? CROSS_TAIL_WRITE : CROSS_REGISTER_WRITE);
	if (at == offsetof(struct vgpu_channel_regs, tail))
		tail_written(guest, (uint32_t)value);
	else if (at == offsetof(struct vgpu_channel_regs, enable))
		enable_written(guest, value);
	else if (at == offsetof(struct vgpu_channel_regs, stop))
		guest->wants_reset = 1;
	else if (at < offsetof(struct vgpu_channel_regs, enable) && size <= sizeof(*regs) - at &&
		 regs->enable != VGPU_ENABLED)
		memcpy((uint8_t *)regs + at, &value, size);
	else if (at < offsetof(struct vgpu_channel_regs, enable) && regs->enable == VGPU_ENABLED) {
		/* A driver that starts anew: the channel is off until it is enabled again. */
		regs->enable = 0;
		memcpy((uint8_t *)regs + at, &value, size);
	} else
		refused(guest);
}

static void regs_write(struct vgpu_guest *guest, uint64_t at)
{
	crossings_count(guest->counters, CROSS_REGISTER_WRITE);
	if (at == offsetof(struct vgpu_regs, reset))
		guest->wants_reset = 1;
	else
		refused(guest);
}

/* An entry counts when both the place it is at and the page it names are the guest's. */
static void gtt_write(struct vgpu_guest *guest, uint64_t at, unsigned int size, uint64_t value)
{
	uint64_t index = at / 8;
	uint64_t page = value >> VGPU_PAGE_SHIFT;
	struct vgpu_span here = { .address = index << VGPU_PAGE_SHIFT, .bytes = VGPU_PAGE };
	struct vgpu_span there = { .address = page << VGPU_PAGE_SHIFT, .bytes = VGPU_PAGE };

	crossings_count(guest->counters, CROSS_GTT_WRITE);
	if (size != 8 || at % 8 || !vgpu_span_inside(&here, guest->slice.base, guest->slice.bytes) ||
	    ((value & VGPU_PTE_VALID) && !vgpu_span_inside(&there, guest->slice.base, guest->slice.bytes))) {
		refused(guest);
		return;
	}
	card_gtt(guest->card, 0)[index] = value;
}

static uint64_t gtt_read(struct vgpu_guest *guest, uint64_t at, unsigned int size)
{
	struct vgpu_span here = { .address = at / 8 << VGPU_PAGE_SHIFT, .bytes = VGPU_PAGE };
	uint64_t entry;

	crossings_count(guest->counters, CROSS_GTT_READ);
	if (size != 8 || at % 8 || !vgpu_span_inside(&here, guest->slice.base, guest->slice.bytes)) {
		refused(guest);
		return 0;
	}
	entry = card_gtt(guest->card, 0)[at / 8];
	return entry;
}

static uint64_t pvinfo_read(struct vgpu_guest *guest, uint64_t at, unsigned int size)
{
	struct vgpu_pvinfo info = {
		.magic = VGPU_PVINFO_MAGIC,
		.version = 1,
		.slice_base = guest->slice.base,
		.slice_bytes = guest->slice.bytes,
		.vgpu = guest->index,
		.vram_trapped = (uint32_t)guest->vram_trapped,
	};

	return take(&info, at, size, sizeof(info));
}

static uint64_t regs_read(struct vgpu_guest *guest, uint64_t at, unsigned int size)
{
	struct vgpu_regs regs = {
		.magic = VGPU_MAGIC,
		.version = VGPU_VERSION,
		.window_pages = VGPU_WINDOW_PAGES,
		.channels = 1,
		.reset = (uint32_t)guest->wants_reset,
	};

	return take(&regs, at, size, sizeof(regs));
}

/* Trapped because nothing is mapped (emulation), or because it is none of the guest's (refused). */
static int slice_access(struct vgpu_guest *guest, uint64_t offset, unsigned int size, enum crossing kind)
{
	struct vgpu_span span = { .address = offset, .bytes = size };

	crossings_count(guest->counters, kind);
	if (vgpu_span_inside(&span, guest->slice.base, guest->slice.bytes))
		return 1;
	refused(guest);
	return 0;
}

static int is_gtt(uint64_t offset)
{
	return offset >= VGPU_GTT(0) && offset < VGPU_GTT(1);
}

static int is_channel(uint64_t offset)
{
	return offset >= VGPU_CHANNEL(0) && offset < VGPU_CHANNEL(1);
}

uint64_t vgpu_guest_read(struct vgpu_guest *guest, uint64_t offset, unsigned int size)
{
	uint64_t value = 0;

	if (is_gtt(offset))
		return gtt_read(guest, offset - VGPU_GTT(0), size);
	if (offset >= VGPU_HEAP) {
		if (!slice_access(guest, offset, size, CROSS_VRAM_READ))
			return UINT64_MAX;
		memcpy(&value, guest->card->window + offset, size);
		return value;
	}
	crossings_count(guest->counters, CROSS_REGISTER_READ);
	if (is_channel(offset))
		return take(&guest->regs, offset - VGPU_CHANNEL(0), size, sizeof(guest->regs));
	if (offset >= VGPU_PVINFO && offset < VGPU_PVINFO + VGPU_PAGE)
		return pvinfo_read(guest, offset - VGPU_PVINFO, size);
	if (offset < VGPU_PAGE)
		return regs_read(guest, offset, size);
	refused(guest);
	return 0;
}

void vgpu_guest_write(struct vgpu_guest *guest, uint64_t offset, unsigned int size, uint64_t value)
{
	if (is_gtt(offset)) {
		gtt_write(guest, offset - VGPU_GTT(0), size, value);
	} else if (offset >= VGPU_HEAP) {
		if (slice_access(guest, offset, size, CROSS_VRAM_WRITE))
			memcpy(guest->card->window + offset, &value, size);
	} else if (is_channel(offset)) {
		channel_write(guest, offset - VGPU_CHANNEL(0), size, value);
	} else if (offset < VGPU_PAGE) {
		regs_write(guest, offset);
	} else {
		crossings_count(guest->counters, CROSS_REGISTER_WRITE);
		refused(guest);
	}
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
