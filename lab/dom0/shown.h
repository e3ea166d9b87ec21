/* What a guest sees of the GPU itself, in its own memory. */
#ifndef VGPU_SHOWN_H
#define VGPU_SHOWN_H

#include "card.h"
#include "xen.h"

/* All of it, including the doorbell, by the two domctls that xl's iomem= makes; or nothing any more. 0, or
   -errno. */
int gpu_show(const struct card *card, xc_interface *xc, uint32_t domain);
int gpu_hide(const struct card *card, xc_interface *xc, uint32_t domain);

/*
 * Takes back what a killed program has left a guest of the GPU: mapped pages, and the servers that its
 * accesses to others would wait for in vain. The guest is paused.
 */
void gpu_salvage(const struct card *card, xc_interface *xc, uint32_t domain);

#endif
