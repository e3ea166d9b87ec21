/* The mediator's checks: reads what a guest submitted and rejects what reaches outside its slice. */
#ifndef VGPU_SCAN_H
#define VGPU_SCAN_H

#include "../abi/spans.h"

struct slice {
	uint64_t base;
	uint64_t bytes;
};

/* 0 if the whole command stays within the slice, else the vgpu_fault to report. */
uint32_t scan_command(const struct slice *slice, const struct vgpu_command *command);

#endif
