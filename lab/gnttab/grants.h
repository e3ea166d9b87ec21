/*
 * GART pages in a guest: which of the GPU's pages are mapped there by grants of dom0, each at its own place from
 * GUEST_GRANTS on. Programs of the guest share the table, which outlives them: who comes next ends what a killed one left.
 */
#ifndef VGPU_GRANTS_H
#define VGPU_GRANTS_H

#include "../protocol/pvdrm.h"

/* Calls made, and pages of them. */
struct grants_count {
	uint64_t calls, pages;
};

/* One call maps `pages` pages from the GPU's `page` on, which are `program`'s. 0, or a negative errno: none is then. */
int grants_map(int fd, struct pvdrm_front_state *state, uint32_t program, uint32_t page, uint32_t pages,
	       const uint32_t *refs);

/* Ends what is mapped of an object by a call each for what a call has mapped. */
struct grants_count grants_end(int fd, struct pvdrm_front_state *state, uint32_t page, uint32_t pages);

/* Whose an object's are from now on: a program's, or nobody's. */
#define GRANTS_NOBODY UINT32_MAX
void grants_hold(struct pvdrm_front_state *state, uint32_t page, uint32_t pages, uint32_t program);

/* Ends all that a program has, and what it was killed over; GRANTS_NOBODY: all that there is. */
struct grants_count grants_end_of(int fd, struct pvdrm_front_state *state, uint32_t program);

#endif
