/* The slots of pvdrm: a request is put in the ring of the granted page, and its answer is polled for. */
#include "front.h"
#include "../machine/wait.h"

#include <errno.h>
#include <string.h>

#define ANSWER_NS 20000000000ull

static int wait_done(struct pvdrm_slot *slot)
{
	struct wait wait = { 0 };
	int error = 0;

	while (!error && __atomic_load_n(&slot->state, __ATOMIC_ACQUIRE) == PVDRM_FILLED)
		error = wait_on(&wait, PVDRM_SPINS, ANSWER_NS);
	return error;
}

/* A free slot, now this program's; -1: there is none. */
static int slot_take(struct front *front)
{
	uint32_t *holder = front->state->holder, held = 1;
	int taken = -1;

	for (int i = 0; i < (int)PVDRM_SLOTS; i++)
		if (holder[i])
			held++;
		else if (taken < 0)
			taken = i;
	if (taken < 0)
		return -1;
	holder[taken] = front->program + 1;
	if (held > front->state->most_held)
		front->state->most_held = held;
	return taken;
}

/* With the lock held, so that requests are in the ring in the order of its counter. */
static void slot_send(struct front *front, uint32_t slot)
{
	uint32_t counter = front->page->counter;

	front->page->ring[counter % PVDRM_SLOTS] = slot;
	__atomic_store_n(&front->page->slot[slot].state, PVDRM_FILLED, __ATOMIC_RELEASE);
	__atomic_store_n(&front->page->counter, counter + 1, __ATOMIC_RELEASE);
}

/* Fills a slot and sends it. -1: all are taken. */
static int slot_try(struct front *front, enum pvdrm_code code, const struct pvdrm_args *args, const void *data,
		    uint64_t bytes)
{
	int number;

	programs_lock(front);
	number = slot_take(front);
	if (number >= 0) {
		struct pvdrm_slot *slot = &front->page->slot[number];

		slot->code = code;
		slot->args = *args;
		if (bytes)
			memcpy(front->slot_pages + (uint32_t)number * VGPU_PAGE, data, bytes);
		slot_send(front, (uint32_t)number);
	}
	programs_unlock(front);
	return number;
}

static void slot_free(struct front *front, uint32_t slot)
{
	front->page->slot[slot].state = PVDRM_FREE;
	__atomic_store_n(&front->state->holder[slot], 0, __ATOMIC_RELEASE);
}

/* The data that a request carries in its page, and its answer. */
struct page_use {
	const void *data;
	uint64_t bytes;
	void *answer;
	uint64_t answer_bytes;
};

static int request(struct vgpu *gpu, enum pvdrm_code code, struct pvdrm_args *args, const struct page_use *use)
{
	struct front *front = front_of(gpu);
	struct wait wait = { 0 };
	struct pvdrm_slot *slot;
	int number, result;

	args->file = front->file;
	while ((number = slot_try(front, code, args, use->data, use->bytes)) < 0)
		if (wait_on(&wait, 0, ANSWER_NS))
			return vgpu_fail(ETIMEDOUT, "no slot becomes free: the PVDRM back-end does not answer");
	vgpu_cross(gpu, pvdrm_crossing[code]);
	slot = &front->page->slot[number];
	if (wait_done(slot))
		return vgpu_fail(ETIMEDOUT, "the PVDRM back-end does not answer");
	*args = slot->args;
	result = slot->result;
	if (use->answer)
		memcpy(use->answer, front->slot_pages + (uint32_t)number * VGPU_PAGE, use->answer_bytes);
	slot_free(front, (uint32_t)number);
	delay_us(gpu->shared, front->page->request_us);
	return result;
}

int slot_request(struct vgpu *gpu, enum pvdrm_code code, struct pvdrm_args *args)
{
	return request(gpu, code, args, &(const struct page_use){ 0 });
}

int slot_request_with(struct vgpu *gpu, enum pvdrm_code code, struct pvdrm_args *args, const void *data, uint64_t bytes)
{
	return request(gpu, code, args, &(const struct page_use){ .data = data, .bytes = bytes });
}

int slot_request_for(struct vgpu *gpu, enum pvdrm_code code, struct pvdrm_args *args, void *answer, uint64_t bytes)
{
	return request(gpu, code, args, &(const struct page_use){ .answer = answer, .answer_bytes = bytes });
}

void slots_settle(struct front *front, uint32_t program)
{
	for (uint32_t i = 0; i < PVDRM_SLOTS; i++)
		if (front->state->holder[i] == program + 1) {
			wait_done(&front->page->slot[i]);
			slot_free(front, i);
		}
}

void file_close(struct vgpu *gpu)
{
	struct pvdrm_args args = { 0 };

	if (slot_request(gpu, PVDRM_FILE_CLOSE, &args))
		return;
	vgpu_cross_by(gpu, CROSS_HYPERCALL_UNMAP, args.bytes);
	vgpu_cross_by(gpu, CROSS_PAGES_UNMAPPED, args.pages);
	delay_unmapped(gpu, args.pages);
}
