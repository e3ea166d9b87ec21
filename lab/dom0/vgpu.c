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

static uint64_t take(const void *from, uint64_t at, unsigned int size, uint64_t room)
{
	uint64_t value = 0;

	if (at < room && size <= room - at)
		memcpy(&value, (const uint8_t *)from + at, size);
	return value;
}

static int ring_inside(const struct vgpu_guest *guest)
{
	struct vgpu_span span = { .address = guest->regs.ring_base, .bytes = guest->regs.ring_bytes };
	uint32_t bytes = guest->regs.ring_bytes;

	return bytes >= VGPU_PAGE && bytes <= VGPU_RING_BYTES && (bytes & (bytes - 1)) == 0 &&
	       span.address % VGPU_PAGE == 0 && vgpu_span_inside(&span, guest->slice.base, guest->slice.bytes);
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
		vgpu_guest_count_refused(guest);
		vgpu_guest_fail(guest, VGPU_FAULT_RING);
		regs->enable = 0;
	}
}

static void channel_write(struct vgpu_guest *guest, uint64_t at, unsigned int size, uint64_t value)
{
	struct vgpu_channel_regs *regs = &guest->regs;

	crossings_count(guest->counters,
			at == offsetof(struct vgpu_channel_regs, tail) ? CROSS_TAIL_WRITE : CROSS_REGISTER_WRITE);
	if (at == offsetof(struct vgpu_channel_regs, tail))
		vgpu_guest_submit(guest, (uint32_t)value);
	else if (at == offsetof(struct vgpu_channel_regs, enable))
		enable_written(guest, value);
	else if (at == offsetof(struct vgpu_channel_regs, stop))
		guest->wants_reset = 1;
	else if (at < offsetof(struct vgpu_channel_regs, enable) && size <= sizeof(*regs) - at &&
		 regs->enable != VGPU_ENABLED)
		memcpy((uint8_t *)regs + at, &value, size);
	else if (at < offsetof(struct vgpu_channel_regs, enable) && regs->enable == VGPU_ENABLED) {
		/* A driver that starts: the channel is off until it is enabled again. */
		regs->enable = 0;
		memcpy((uint8_t *)regs + at, &value, size);
	} else
		vgpu_guest_count_refused(guest);
}

static void regs_write(struct vgpu_guest *guest, uint64_t at)
{
	crossings_count(guest->counters, CROSS_REGISTER_WRITE);
	if (at == offsetof(struct vgpu_regs, reset))
		guest->wants_reset = 1;
	else
		vgpu_guest_count_refused(guest);
}

/* An entry counts if both its own position and the page it names belong to the guest and the window. */
static void gtt_write(struct vgpu_guest *guest, uint64_t at, unsigned int size, uint64_t value)
{
	uint64_t index = at / 8;
	uint64_t page = value >> VGPU_PAGE_SHIFT;
	struct vgpu_span here = { .address = index << VGPU_PAGE_SHIFT, .bytes = VGPU_PAGE };
	struct vgpu_span there = { .address = page << VGPU_PAGE_SHIFT, .bytes = VGPU_PAGE };

	crossings_count(guest->counters, CROSS_GTT_WRITE);
	if (size != 8 || at % 8 || !vgpu_span_inside(&here, guest->slice.base, guest->slice.bytes) ||
	    (value & VGPU_PTE_HOST) ||
	    ((value & VGPU_PTE_VALID) && !vgpu_span_inside(&there, guest->slice.base, guest->slice.bytes))) {
		vgpu_guest_count_refused(guest);
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
		vgpu_guest_count_refused(guest);
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

/* Trapped because nothing is mapped (emulation), or because it is not the guest's (refused). */
static int slice_access(struct vgpu_guest *guest, uint64_t offset, unsigned int size, enum crossing kind)
{
	struct vgpu_span span = { .address = offset, .bytes = size };

	crossings_count(guest->counters, kind);
	if (vgpu_span_inside(&span, guest->slice.base, guest->slice.bytes))
		return 1;
	vgpu_guest_count_refused(guest);
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
		memcpy(&value, card_at(guest->card, offset, size), size);
		return value;
	}
	crossings_count(guest->counters, CROSS_REGISTER_READ);
	if (is_channel(offset))
		return take(&guest->regs, offset - VGPU_CHANNEL(0), size, sizeof(guest->regs));
	if (offset >= VGPU_PVINFO && offset < VGPU_PVINFO + VGPU_PAGE)
		return pvinfo_read(guest, offset - VGPU_PVINFO, size);
	if (offset < VGPU_PAGE)
		return regs_read(guest, offset, size);
	vgpu_guest_count_refused(guest);
	return 0;
}

void vgpu_guest_write(struct vgpu_guest *guest, uint64_t offset, unsigned int size, uint64_t value)
{
	if (is_gtt(offset)) {
		gtt_write(guest, offset - VGPU_GTT(0), size, value);
	} else if (offset >= VGPU_HEAP) {
		if (slice_access(guest, offset, size, CROSS_VRAM_WRITE))
			memcpy(card_at(guest->card, offset, size), &value, size);
	} else if (is_channel(offset)) {
		channel_write(guest, offset - VGPU_CHANNEL(0), size, value);
	} else if (offset < VGPU_PAGE) {
		regs_write(guest, offset);
	} else {
		crossings_count(guest->counters, CROSS_REGISTER_WRITE);
		vgpu_guest_count_refused(guest);
	}
}
