/*
 * The driver of a whole GPU, or of what a mediator shows of one: channel 0, its GTT, its ring. Shared by the
 * boundaries whose guest holds the driver (native, passthrough, mediated, emulation); they differ in which of
 * its accesses are mapped and which are trapped.
 */
#ifndef VGPU_RING_H
#define VGPU_RING_H

#include "boundary.h"
#include "heap.h"

struct ring {
	uint8_t *window; /* address space for all of it; memory only after window_show */
	uint64_t window_offset;
	int window_fd;
	volatile uint32_t *doorbell; /* NULL: a trapped tail write needs none */
	int lock_fd;
	int trapped;      /* registers and GTT */
	int vram_trapped; /* ring and objects too */
	uint64_t ring_base;
	uint32_t tail;
	uint32_t head;
	struct heap heap;
	uint64_t bound[VGPU_WINDOW_PAGES]; /* GTT entries written so far: equal ones are not written again */
};

/* Waits for its turn with the GPU. Whatever the result, ring_ops.close cleans up. */
int ring_open(struct vgpu *gpu, struct ring **ring);

/* Starts the channel; objects and ring lie in [base, base + bytes). */
int ring_start(struct vgpu *gpu, struct ring *ring, uint64_t base, uint64_t bytes);

extern const struct boundary_ops ring_ops;

/* window.c: the GPU's memory and doorbell, from PCI or from where dom0 put them. */
int window_from_pci(struct ring *ring);
int window_from_guest(struct ring *ring, int with_doorbell);
void window_close(struct ring *ring);
/* Makes a part of the window accessible, as a driver maps object by object. */
int window_show(struct ring *ring, uint64_t offset, uint64_t bytes);

#endif
