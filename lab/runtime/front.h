/*
 * pvdrm's front-end, from the point of view of one program: its slots, its file and channel at the back-end,
 * and the objects it has mapped.
 */
#ifndef VGPU_FRONT_H
#define VGPU_FRONT_H

#include "boundary.h"
#include "../machine/delay.h"
#include "../protocol/pvdrm.h"

#define OBJECTS_MAX 1024

struct mapped_object {
	uint8_t *data; /* NULL: empty */
	uint64_t bytes;
	uint32_t handle;
	uint64_t guest_physical;
	uint64_t faulted;
	uint8_t *touched; /* for an object in VRAM: by page, 1 once it is mapped */
	int gart;
};

struct front {
	int state_fd;
	uint32_t program; /* its number */
	int memory_fd; /* guest-physical */
	int grants_fd; /* for calls of Xen's grant table */
	struct pvdrm_page *page;
	uint8_t *slot_pages;
	struct pvdrm_front_state *state;
	uint32_t file;
	uint32_t channel;
	int channel_open;
	uint32_t shared; /* GART objects that it has, or may have: if one could not be closed, all are checked */
	struct mapped_object object[OBJECTS_MAX];
};

static inline struct front *front_of(struct vgpu *gpu)
{
	return gpu->state;
}

/* Pages were unmapped for this program, which takes as much longer as the back-end was told. */
static inline void delay_unmapped(struct vgpu *gpu, uint64_t pages)
{
	delay_us(gpu->shared, front_of(gpu)->page->unmap_us * pages);
}

/* pvdrm-grants.c: the pages that pvdrm-front granted to dom0, the state it keeps for all programs, and the memory. */
int lent_map(struct front *front);
void lent_unmap(struct front *front);

/* pvdrm-lock.c: between these, only this program accesses what programs share. */
void programs_lock(struct front *front);
void programs_unlock(struct front *front);

/* pvdrm-programs.c: takes a number among the programs, and ends what killed ones left. 0, or a negative
   errno. */
int program_join(struct vgpu *gpu);

/*
 * pvdrm-slot.c: one request, one crossing; the back-end's answer is in `args`. Returns its result. Waits for
 * a slot if other programs have all of them.
 */
int slot_request(struct vgpu *gpu, enum pvdrm_code code, struct pvdrm_args *args);
/* The same, with `bytes` in the slot's page. */
int slot_request_with(struct vgpu *gpu, enum pvdrm_code code, struct pvdrm_args *args, const void *data, uint64_t bytes);
/* The same; then this many bytes of its page are the back-end's answer. */
int slot_request_for(struct vgpu *gpu, enum pvdrm_code code, struct pvdrm_args *args, void *answer, uint64_t bytes);
/* Closes the file, and counts the hypercalls of dom0 that take mappings from the guest for it. */
void file_close(struct vgpu *gpu);
/* Waits for what a killed program may have left in progress, and frees its slots. */
void slots_settle(struct front *front, uint32_t program);

/* pvdrm-fault.c: address space now, pages when they are touched. */
int fault_arm(struct vgpu *gpu);
void fault_disarm(void);
struct mapped_object *object_place(struct front *front);
struct mapped_object *object_of_handle(struct front *front, uint32_t handle);
void *object_reserve(struct mapped_object *object, const struct mapped_object *as);
void object_unmap(struct mapped_object *object);
/* Counts the hypercalls of dom0 when an object of VRAM ends, as far as the guest knows. */
void object_ends(struct vgpu *gpu, const struct mapped_object *object);
/* Ends the guest's mappings of a GART object, whoever touched it. */
void shared_ends(struct vgpu *gpu, uint32_t page, uint64_t bytes);
/* Ends a program's mappings of all such objects. */
void shared_ends_of(struct vgpu *gpu, uint32_t program);

#endif
