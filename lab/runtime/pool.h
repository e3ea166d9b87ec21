/* The GEM cache of pvdrm: freed objects that were kept, smallest first. It outlives the programs. */
#ifndef VGPU_POOL_H
#define VGPU_POOL_H

#include "../protocol/pvdrm.h"

/* Takes the smallest object with at least `bytes`: the first one large enough, because they are sorted. 0:
   there is none. */
int pool_take(struct pvdrm_front_state *state, uint64_t bytes, struct pvdrm_pooled *taken);

/* Keeps an object. There is always space: the back-end has no more objects than that. */
void pool_put(struct pvdrm_front_state *state, const struct pvdrm_pooled *entry);

#endif
