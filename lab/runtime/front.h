/*
 * pvdrm's front-end, as one program has it: its slots, its file and channel at the back-end, and the objects
 * that it has mapped.
 */
#ifndef VGPU_FRONT_H
#define VGPU_FRONT_H

#include "boundary.h"
#include "../protocol/pvdrm.h"

#define OBJECTS_MAX 1024

struct mapped_object {
	uint8_t *data; /* NULL: empty */
	uint64_t bytes;
	uint32_t handle;
	uint64_t guest_physical;
	uint64_t faulted;
	int gart;
};

struct front {
	int lock_fd;
	int memory_fd;
	struct pvdrm_page *page;
	uint8_t *slot_pages;
	struct pvdrm_front_state *state;
	uint32_t file;
	uint32_t channel;
	int channel_open;
	struct mapped_object object[OBJECTS_MAX];
};

static inline struct front *front_of(struct vgpu *gpu)
{
	return gpu->state;
}

/* pvdrm-grants.c: the pages that pvdrm-front granted to dom0, and the state it keeps for all programs. */
int grants_map(struct front *front);
void grants_unmap(struct front *front);

/* pvdrm-slot.c: one request, one crossing; what the back-end answers is in `args`. Returns its result. */
int slot_request(struct vgpu *gpu, enum pvdrm_code code, struct pvdrm_args *args);
/* The page that goes with the next request. */
uint8_t *slot_page(struct front *front);
/* Waits for what a killed program may have left under way. */
void slots_settle(struct front *front);

/* pvdrm-fault.c: address space now, pages when they are touched. */
int fault_arm(struct vgpu *gpu);
void fault_disarm(void);
struct mapped_object *object_place(struct front *front);
struct mapped_object *object_of_handle(struct front *front, uint32_t handle);
void *object_reserve(struct mapped_object *object, const struct mapped_object *as);
void object_unmap(struct mapped_object *object);

#endif
