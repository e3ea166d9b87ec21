/* Pages of a stretch of the window, handed out first fit: VRAM from its low end, GART from its high end. */
#ifndef VGPU_HEAP_H
#define VGPU_HEAP_H

#include <stdint.h>
#include "../abi/abi.h"

struct heap {
	uint32_t first; /* pages */
	uint32_t end;
	uint8_t used[VGPU_WINDOW_PAGES];
};

void heap_init(struct heap *heap, uint64_t base, uint64_t bytes);

/* Returns the first of `pages` pages, or 0 when there is no such room. */
uint32_t heap_take(struct heap *heap, uint32_t pages, int gart);
void heap_give(struct heap *heap, uint32_t page, uint32_t pages);

static inline uint32_t pages_of(uint64_t bytes)
{
	return (uint32_t)((bytes + VGPU_PAGE - 1) >> VGPU_PAGE_SHIFT);
}

#endif
