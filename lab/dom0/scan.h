/* The mediator's eye: reads what a guest submitted and turns down what reaches outside its slice. */
#ifndef VGPU_SCAN_H
#define VGPU_SCAN_H

#include "../abi/spans.h"

struct slice {
	uint64_t base;
	uint64_t bytes;
};

/* 0 when the whole command keeps to the slice, else the vgpu_fault that it would be. */
uint32_t scan_command(const struct slice *slice, const struct vgpu_command *command);

#endif
