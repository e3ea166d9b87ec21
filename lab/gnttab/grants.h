/*
 * GART pages in a guest: which of the GPU's pages are mapped there by grants of dom0, each at its own place
 * from GUEST_GRANTS on. Programs of the guest share the table, which outlives them: the next one ends what a
 * killed one left.
 */
#ifndef VGPU_GRANTS_H
#define VGPU_GRANTS_H

#include "../protocol/pvdrm.h"

/* Calls made, and pages of them. */
struct grants_count {
	uint64_t calls, pages;
};

/* One call maps `pages` pages, starting with the GPU's `page`, for `program`. 0, or a negative errno: then
   none is mapped. */
int grants_map(int fd, struct pvdrm_front_state *state, uint32_t program, uint32_t page, uint32_t pages,
	       const uint32_t *refs);

/* Ends an object's mappings, with one call for each call that mapped some. */
struct grants_count grants_end(int fd, struct pvdrm_front_state *state, uint32_t page, uint32_t pages);

/* Sets the owner of an object's mappings: a program, or nobody. */
#define GRANTS_NOBODY UINT32_MAX
void grants_hold(struct pvdrm_front_state *state, uint32_t page, uint32_t pages, uint32_t program);

/* Ends all mappings of a program, including those of an interrupted call; GRANTS_NOBODY: all of them. */
struct grants_count grants_end_of(int fd, struct pvdrm_front_state *state, uint32_t program);

#endif
