/* The slots of pvdrm: a request is put in the ring of the granted page, and its answer is polled for. */
#include "front.h"
#include "../machine/wait.h"

#include <errno.h>

#define ANSWER_NS 20000000000ull

static int wait_done(struct pvdrm_slot *slot)
{
	struct wait wait = { 0 };
	int error = 0;

	while (!error && __atomic_load_n(&slot->state, __ATOMIC_ACQUIRE) == PVDRM_FILLED)
		error = wait_on(&wait, PVDRM_SPINS, ANSWER_NS);
	return error;
}

/* The program has one thread, so slots are taken in turn and the ring never fills. */
int slot_request(struct vgpu *gpu, enum pvdrm_code code, struct pvdrm_args *args)
{
	struct front *front = front_of(gpu);
	uint32_t counter = front->page->counter;
	struct pvdrm_slot *slot = &front->page->slot[counter % PVDRM_SLOTS];

	vgpu_cross(gpu, pvdrm_crossing[code]);
	args->file = front->file;
	slot->code = code;
	slot->args = *args;
	__atomic_store_n(&slot->state, PVDRM_FILLED, __ATOMIC_RELEASE);
	front->page->ring[counter % PVDRM_SLOTS] = counter % PVDRM_SLOTS;
	__atomic_store_n(&front->page->counter, counter + 1, __ATOMIC_RELEASE);
	if (wait_done(slot))
		return vgpu_fail(ETIMEDOUT, "the PVDRM back-end does not answer");
	*args = slot->args;
	slot->state = PVDRM_FREE;
	return slot->result;
}

uint8_t *slot_page(struct front *front)
{
	return front->slot_pages + front->page->counter % PVDRM_SLOTS * VGPU_PAGE;
}

void slots_settle(struct front *front)
{
	for (unsigned int i = 0; i < PVDRM_SLOTS; i++) {
		wait_done(&front->page->slot[i]);
		front->page->slot[i].state = PVDRM_FREE;
	}
}
