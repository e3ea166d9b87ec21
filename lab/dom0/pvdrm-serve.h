/* The back-end's half of a slot: from a guest's words to a call on its objects. Independent of Xen. */
#ifndef VGPU_PVDRM_SERVE_H
#define VGPU_PVDRM_SERVE_H

#include "gem.h"
#include "../protocol/crossings.h"
#include "../protocol/pvdrm.h"

/* Serves one request; `page` is the slot's shared page. The slot is read once, then only answered. */
void pvdrm_serve(struct gem *gem, uint32_t client, struct crossings *counters, struct pvdrm_slot *slot,
		 volatile uint8_t *page);

#endif
