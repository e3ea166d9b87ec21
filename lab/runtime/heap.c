#include "heap.h"

#include <string.h>

void heap_init(struct heap *heap, uint64_t base, uint64_t bytes)
{
	memset(heap, 0, sizeof(*heap));
	heap->first = (uint32_t)(base >> VGPU_PAGE_SHIFT);
	heap->end = (uint32_t)((base + bytes) >> VGPU_PAGE_SHIFT);
	heap->gart = heap->end - (heap->end - heap->first) / 4;
}

uint32_t heap_take(struct heap *heap, uint32_t pages, int gart)
{
	uint32_t end = gart ? heap->end : heap->gart;
	uint32_t run = 0;

	for (uint32_t page = gart ? heap->gart : heap->first; page < end; page++) {
		run = heap->used[page] ? 0 : run + 1;
		if (run == pages && pages) {
			memset(heap->used + page + 1 - pages, 1, pages);
			return page + 1 - pages;
		}
	}
	return 0;
}

void heap_give(struct heap *heap, uint32_t page, uint32_t pages)
{
	if (page >= heap->first && page < heap->end && pages <= heap->end - page)
		memset(heap->used + page, 0, pages);
}
