/* probe-handle: names of objects, and of rings, that belong to others. */
#include "probe.h"
#include "neighbours.h"
#include "verdict.h"
#include "../machine/wait.h"
#include "../protocol/pvdrm.h"
#include "../runtime/ring.h"

#include <fcntl.h>
#include <unistd.h>

#define START_NS 1000000000ull

/* What a name alone permits: access to the object by its global name, to its memory by mapping or copying. */
static int use_handle(struct vgpu *gpu, uint32_t handle)
{
	struct vgpu_buffer forged = { .bytes = 8, .capacity = VGPU_PAGE, .handle = handle };
	uint64_t word;

	if (gpu->boundary->ops->adopt && !gpu->boundary->ops->adopt(gpu, handle))
		return 0;
	if (gpu->boundary->ops->copy_from)
		return vgpu_copy_from(gpu, &word, &forged, sizeof(word));
	return vgpu_map(gpu, &forged);
}

static void forge(struct vgpu *gpu, volatile uint32_t *at, uint32_t value)
{
	if (((const struct ring *)gpu->state)->trapped)
		vgpu_cross(gpu, CROSS_REGISTER_WRITE);
	__atomic_store_n(at, value, __ATOMIC_RELEASE);
}

static uint32_t answer(struct vgpu *gpu, const volatile uint32_t *at)
{
	if (((const struct ring *)gpu->state)->trapped)
		vgpu_cross(gpu, CROSS_REGISTER_READ);
	return __atomic_load_n(at, __ATOMIC_ACQUIRE);
}

/* The channel starts on a ring at `base`. Returns 1 if it did, 0 if it was refused, -1 if the attempt failed. */
static int ring_starts(struct vgpu *gpu, uint64_t base)
{
	struct ring *ring = gpu->state;
	volatile struct vgpu_channel_regs *regs = (volatile struct vgpu_channel_regs *)(ring->window + VGPU_CHANNEL(0));
	struct wait wait = { 0 };

	forge(gpu, (volatile uint32_t *)&regs->ring_base, (uint32_t)base);
	forge(gpu, &regs->enable, 1);
	if (ring->doorbell)
		__atomic_store_n(ring->doorbell, VGPU_RING_THE_BELL(VGPU_BELL_CONTROL), __ATOMIC_RELEASE);
	do {
		if (answer(gpu, &regs->state) == VGPU_CHANNEL_FAULTED)
			return 0;
		if (answer(gpu, &regs->enable) == VGPU_ENABLED)
			return 1;
	} while (!wait_on(&wait, 0, START_NS));
	return -1;
}

/* If the guest holds the driver, memory is named by the ring's address: another channel's, another slice. */
static const char *forge_ring(struct vgpu *gpu)
{
	uint64_t base[STRANGERS] = { VGPU_RING(1) };
	unsigned int count = 1 + other_slices(gpu, 0, base + 1);
	unsigned int refused = 0;

	for (unsigned int i = 0; i < count; i++) {
		int started = ring_starts(gpu, base[i]);

		if (started > 0)
			return verdict(ALLOWED, "the GPU runs %s ring for us",
				       i ? "a neighbour's" : "another channel's");
		refused += started == 0;
	}
	return verdict(REFUSED, "of %u rings that are another's, %u were refused, none started", count, refused);
}

/* With cache=1 this guest's own freed objects are in its pool: their names are not forged. */
static int is_pooled(uint32_t handle)
{
	static struct pvdrm_front_state state;
	int fd = open(PVDRM_FRONT_STATE, O_RDONLY | O_CLOEXEC);
	int found = 0;

	if (fd < 0)
		return 0;
	if (read(fd, &state, sizeof(state)) == sizeof(state))
		for (unsigned int i = 0; i < PVDRM_POOL; i++)
			found |= state.pool[i].global == handle;
	close(fd);
	return found && handle;
}

/* Names that are not ours, including dom0's own object with number 1: no call on any may succeed. */
const char *probe_handle(struct vgpu *gpu)
{
	struct vgpu_buffer own;
	unsigned int tried = 0, taken = 0;

	if (gpu->boundary->ops->bind)
		return forge_ring(gpu);
	if (vgpu_alloc(gpu, VGPU_PAGE, VGPU_VRAM, &own))
		return NULL;
	for (uint32_t handle = 0; handle < 2000; handle += handle < 40 ? 1 : 49) {
		if (handle == own.handle || handle == gpu->fences.handle || is_pooled(handle))
			continue;
		tried++;
		taken += use_handle(gpu, handle) == 0;
	}
	return verdict(taken ? ALLOWED : REFUSED, "%u of %u forged handles were served", taken, tried);
}
