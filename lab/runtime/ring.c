#include "ring.h"
#include "../machine/wait.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#define START_NS 2000000000ull
#define RESET_NS 100000000ull

int ring_open(struct vgpu *gpu, struct ring **opened)
{
	struct ring *ring = calloc(1, sizeof(*ring));

	if (!ring)
		return vgpu_fail(ENOMEM, "out of memory");
	gpu->state = ring;
	*opened = ring;
	ring->lock_fd = device_lock();
	return ring->lock_fd < 0 ? ring->lock_fd : 0;
}

static volatile struct vgpu_channel_regs *regs_of(struct ring *ring)
{
	return (volatile struct vgpu_channel_regs *)(ring->window + VGPU_CHANNEL(0));
}

static uint32_t read32(struct vgpu *gpu, const volatile uint32_t *at)
{
	struct ring *ring = gpu->state;

	if (ring->trapped)
		vgpu_cross(gpu, CROSS_REGISTER_READ);
	return __atomic_load_n(at, __ATOMIC_ACQUIRE);
}

static void write32(struct vgpu *gpu, volatile uint32_t *at, uint32_t value, enum crossing kind)
{
	struct ring *ring = gpu->state;

	if (ring->trapped)
		vgpu_cross(gpu, kind);
	__atomic_store_n(at, value, __ATOMIC_RELEASE);
}

static void write64(struct vgpu *gpu, volatile uint64_t *at, uint64_t value, enum crossing kind)
{
	struct ring *ring = gpu->state;

	if (ring->trapped)
		vgpu_cross(gpu, kind);
	__atomic_store_n(at, value, __ATOMIC_RELEASE);
}

static void ring_bell(struct ring *ring, uint32_t vector)
{
	if (ring->doorbell)
		__atomic_store_n(ring->doorbell, VGPU_RING_THE_BELL(vector), __ATOMIC_RELEASE);
}

static int enable(struct vgpu *gpu)
{
	struct ring *ring = gpu->state;
	volatile struct vgpu_channel_regs *regs = regs_of(ring);
	struct wait wait = { 0 };

	write64(gpu, &regs->ring_base, ring->ring_base, CROSS_REGISTER_WRITE);
	write32(gpu, &regs->ring_bytes, VGPU_RING_BYTES, CROSS_REGISTER_WRITE);
	write64(gpu, &regs->gtt_base, VGPU_GTT(0), CROSS_REGISTER_WRITE);
	write32(gpu, &regs->gtt_entries, VGPU_WINDOW_PAGES, CROSS_REGISTER_WRITE);
	write32(gpu, &regs->enable, 1, CROSS_REGISTER_WRITE);
	ring_bell(ring, VGPU_BELL_CONTROL);
	while (read32(gpu, &regs->enable) != VGPU_ENABLED)
		if (wait_on(&wait, 0, START_NS))
			return vgpu_fail(EIO, "the GPU does not enable its channel");
	if (read32(gpu, &regs->state) != VGPU_CHANNEL_READY)
		return vgpu_fail(EIO, "the GPU refuses the channel's registers");
	ring->head = 0;
	ring->tail = 0;
	return 0;
}

int ring_start(struct vgpu *gpu, struct ring *ring, uint64_t base, uint64_t bytes)
{
	const volatile struct vgpu_regs *regs = (const volatile struct vgpu_regs *)(ring->window + VGPU_REGS);

	if (read32(gpu, &regs->magic) != VGPU_MAGIC || read32(gpu, &regs->version) != VGPU_VERSION)
		return vgpu_fail(ENODEV, "no GPU of version %u where mode %s expects one", VGPU_VERSION,
				 gpu->boundary->mode);
	heap_init(&ring->heap, base, bytes);
	ring->ring_base = (uint64_t)heap_take(&ring->heap, pages_of(VGPU_RING_BYTES), 0) << VGPU_PAGE_SHIFT;
	if (!ring->ring_base)
		return vgpu_fail(ENOSPC, "a slice of %llu bytes has no room for a ring", (unsigned long long)bytes);
	if (window_show(ring, ring->ring_base, VGPU_RING_BYTES))
		return -ENOMEM;
	return enable(gpu);
}

static void ring_close(struct vgpu *gpu)
{
	struct ring *ring = gpu->state;

	if (!ring)
		return;
	window_close(ring);
	if (ring->lock_fd >= 0)
		close(ring->lock_fd);
	free(ring);
	gpu->state = NULL;
}

static void ring_bind(struct vgpu *gpu, const struct vgpu_buffer *buffer)
{
	struct ring *ring = gpu->state;
	volatile uint64_t *gtt = (volatile uint64_t *)(ring->window + VGPU_GTT(0));
	uint32_t first = (uint32_t)(buffer->address >> VGPU_PAGE_SHIFT);

	for (uint32_t page = first; page < first + pages_of(buffer->bytes); page++) {
		if (ring->bound[page] == VGPU_PTE(page))
			continue;
		write64(gpu, &gtt[page], VGPU_PTE(page), CROSS_GTT_WRITE);
		ring->bound[page] = VGPU_PTE(page);
	}
}

static int ring_alloc(struct vgpu *gpu, struct vgpu_buffer *buffer)
{
	struct ring *ring = gpu->state;
	uint32_t pages = pages_of(buffer->bytes);
	uint32_t first = heap_take(&ring->heap, pages, buffer->domain != VGPU_VRAM);

	if (!first)
		return vgpu_fail(ENOSPC, "no room for %u pages", pages);
	buffer->address = (uint64_t)first << VGPU_PAGE_SHIFT;
	if (buffer->domain != VGPU_BOUNCE)
		ring_bind(gpu, buffer);
	return 0;
}

/* Entries stay bound until another buffer takes the page, as in i915. */
static void ring_free(struct vgpu *gpu, struct vgpu_buffer *buffer)
{
	struct ring *ring = gpu->state;

	heap_give(&ring->heap, (uint32_t)(buffer->address >> VGPU_PAGE_SHIFT), pages_of(buffer->bytes));
}

static int ring_map(struct vgpu *gpu, struct vgpu_buffer *buffer)
{
	struct ring *ring = gpu->state;

	if (buffer->data)
		return 0;
	if (window_show(ring, buffer->address, buffer->bytes))
		return -ENOMEM;
	buffer->data = ring->window + buffer->address;
	return 0;
}

static int wait_for_room(struct vgpu *gpu, uint32_t bytes)
{
	struct ring *ring = gpu->state;
	struct wait wait = { 0 };

	while (VGPU_RING_BYTES - (ring->tail - ring->head) < bytes) {
		ring->head = read32(gpu, &regs_of(ring)->head);
		if (VGPU_RING_BYTES - (ring->tail - ring->head) < bytes && wait_on(&wait, 0, vgpu_hang_ns(gpu)))
			return vgpu_fail(EIO, "the GPU hangs: its ring stays full");
	}
	return 0;
}

static void ring_put(struct vgpu *gpu, const struct vgpu_command *command)
{
	struct ring *ring = gpu->state;
	const uint64_t *words = (const uint64_t *)command;

	for (uint32_t i = 0; i < command->header.bytes / 8u; i++) {
		uint64_t at = ring->ring_base + ((ring->tail + i * 8) & (VGPU_RING_BYTES - 1));

		if (ring->vram_trapped)
			vgpu_cross(gpu, CROSS_VRAM_WRITE);
		*(volatile uint64_t *)(ring->window + at) = words[i];
	}
	ring->tail += command->header.bytes;
}

static int ring_submit(struct vgpu *gpu, const struct vgpu_command *commands, unsigned int count)
{
	struct ring *ring = gpu->state;
	int error = 0;

	for (unsigned int i = 0; !error && i < count; i++) {
		error = wait_for_room(gpu, commands[i].header.bytes);
		if (!error)
			ring_put(gpu, &commands[i]);
	}
	if (error)
		return error;
	write32(gpu, &regs_of(ring)->tail, ring->tail, CROSS_TAIL_WRITE);
	ring_bell(ring, VGPU_BELL_SUBMIT);
	return 0;
}

/* The driver owns the GPU, so it resets it. */
static int ring_fence_lost(struct vgpu *gpu)
{
	struct ring *ring = gpu->state;
	volatile struct vgpu_regs *regs = (volatile struct vgpu_regs *)(ring->window + VGPU_REGS);
	struct wait wait = { 0 };

	write32(gpu, &regs->reset, 1, CROSS_REGISTER_WRITE);
	ring_bell(ring, VGPU_BELL_CONTROL);
	while (read32(gpu, &regs->reset) && !wait_on(&wait, 0, RESET_NS))
		;
	return 0;
}

const struct boundary_ops ring_ops = {
	.close = ring_close,
	.alloc = ring_alloc,
	.free = ring_free,
	.map = ring_map,
	.bind = ring_bind,
	.submit = ring_submit,
	.fence_lost = ring_fence_lost,
};
