#include "heap.h"

#include <string.h>

void heap_init(struct heap *heap, uint64_t base, uint64_t bytes)
{
	memset(heap, 0, sizeof(*heap));
	heap->first = (uint32_t)(base >> VGPU_PAGE_SHIFT);
	heap->end = (uint32_t)((base + bytes) >> VGPU_PAGE_SHIFT);
}

/* The first run of free pages from `from` on, `step` by step; returns its lowest page. */
static uint32_t find(const struct heap *heap, uint32_t from, int step, uint32_t pages)
{
	uint32_t run = 0;

	for (uint32_t page = from; page >= heap->first && page < heap->end; page += (uint32_t)step) {
		run = heap->used[page] ? 0 : run + 1;
		if (run == pages)
			return step > 0 ? page + 1 - pages : page;
	}
	return 0;
}

uint32_t heap_take(struct heap *heap, uint32_t pages, int gart)
{
	uint32_t page = 0;

	if (pages)
		page = gart ? find(heap, heap->end - 1, -1, pages) : find(heap, heap->first, 1, pages);
	if (page)
		memset(heap->used + page, 1, pages);
	return page;
}

void heap_give(struct heap *heap, uint32_t page, uint32_t pages)
{
	if (page >= heap->first && page < heap->end && pages <= heap->end - page)
		memset(heap->used + page, 0, pages);
}
