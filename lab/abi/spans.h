/* Which memory a command touches: the GPU translates these spans, a mediator checks them. */
#ifndef VGPU_SPANS_H
#define VGPU_SPANS_H

#include <stddef.h>
#include "abi.h"

#define VGPU_SPANS_MAX 5

struct vgpu_span {
	uint64_t address;
	uint64_t bytes;
	int writes;
};

/*
 * Fills `spans` for a whole, well-formed command and returns how many there are, or a negative
 * vgpu_fault when the command or the arguments of its kernel are out of range.
 */
int vgpu_command_spans(const struct vgpu_command *command, struct vgpu_span spans[VGPU_SPANS_MAX]);

/* Whether the whole span lies in [base, base + bytes). */
int vgpu_span_inside(const struct vgpu_span *span, uint64_t base, uint64_t bytes);

/*
 * Reads one command from a ring image. Returns its length in bytes, 0 when `available` holds less than
 * a command, or a negative vgpu_fault. `command` is a private copy: later changes of the ring by
 * whoever shares it have no effect on what was checked.
 */
int vgpu_command_fetch(const volatile uint8_t *ring, uint32_t ring_bytes, uint32_t head, uint32_t available,
		       struct vgpu_command *command);

#endif
