#include "gpu.h"

#include <stdlib.h>
#include <string.h>

/* A frame of the box's memory, if the IOMMU allows it; else NULL. */
static uint8_t *host_page(struct gpu *gpu, uint64_t frame)
{
	if (frame >= gpu->ram_bytes >> VGPU_PAGE_SHIFT || frame >= VGPU_IOMMU_FRAMES ||
	    !(__atomic_load_n(&gpu->iommu[frame / 8], __ATOMIC_ACQUIRE) >> frame % 8 & 1))
		return NULL;
	return gpu->ram + (frame << VGPU_PAGE_SHIFT);
}

/* The address of the memory behind a GPU page, or NULL if there is none. */
static uint8_t *page_of(struct gpu *gpu, const struct channel *channel, uint64_t index)
{
	const volatile uint64_t *table = (const volatile uint64_t *)(gpu->window + channel->gtt_base);
	uint64_t entry, page;

	if (index >= channel->gtt_entries)
		return NULL;
	entry = table[index];
	page = entry >> VGPU_PAGE_SHIFT;
	if (!(entry & VGPU_PTE_VALID))
		return NULL;
	if (entry & VGPU_PTE_HOST)
		return host_page(gpu, page);
	if (page < VGPU_HEAP >> VGPU_PAGE_SHIFT || page >= VGPU_WINDOW_PAGES)
		return NULL;
	return gpu->window + (page << VGPU_PAGE_SHIFT);
}

enum direction { GATHER, SCATTER };

/* Walks a span page by page; returns the index of the first page without an entry, or UINT64_MAX. */
static uint64_t walk(struct gpu *gpu, const struct channel *channel, struct mapping *mapping, enum direction way)
{
	uint64_t done = 0;

	while (done < mapping->span.bytes) {
		uint64_t address = mapping->span.address + done;
		uint64_t within = address & (VGPU_PAGE - 1);
		uint64_t bytes = VGPU_PAGE - within;
		uint8_t *page = page_of(gpu, channel, address >> VGPU_PAGE_SHIFT);

		if (!page)
			return address >> VGPU_PAGE_SHIFT;
		if (bytes > mapping->span.bytes - done)
			bytes = mapping->span.bytes - done;
		if (way == GATHER)
			memcpy(mapping->copy + done, page + within, bytes);
		else
			memcpy(page + within, mapping->copy + done, bytes);
		done += bytes;
	}
	return UINT64_MAX;
}

/* The address of the whole span if its pages are contiguous; NULL if not, or if one is missing. */
static uint8_t *contiguous(struct gpu *gpu, const struct channel *channel, const struct vgpu_span *span)
{
	uint64_t first = span->address >> VGPU_PAGE_SHIFT;
	uint64_t last = (span->address + span->bytes - 1) >> VGPU_PAGE_SHIFT;
	uint8_t *base = page_of(gpu, channel, first);

	for (uint64_t i = first + 1; base && i <= last; i++)
		if (page_of(gpu, channel, i) != base + ((i - first) << VGPU_PAGE_SHIFT))
			return NULL;
	return base;
}

uint32_t gtt_map(struct gpu *gpu, const struct channel *channel, const struct vgpu_span *span,
		 struct mapping *mapping, uint64_t *fault_address)
{
	uint64_t missing;
	uint8_t *base;

	*mapping = (struct mapping){ .span = *span };
	*fault_address = span->address;
	if (span->bytes == 0)
		return VGPU_FAULT_NONE;
	if (span->bytes > VGPU_WINDOW || span->address > UINT64_MAX - span->bytes)
		return VGPU_FAULT_PAGE;
	base = contiguous(gpu, channel, span);
	if (base) {
		mapping->data = base + (span->address & (VGPU_PAGE - 1));
		return VGPU_FAULT_NONE;
	}
	mapping->copy = malloc(span->bytes);
	if (!mapping->copy)
		return VGPU_FAULT_PAGE;
	missing = walk(gpu, channel, mapping, GATHER);
	if (missing != UINT64_MAX) {
		*fault_address = missing << VGPU_PAGE_SHIFT;
		free(mapping->copy);
		mapping->copy = NULL;
		return VGPU_FAULT_PAGE;
	}
	mapping->data = mapping->copy;
	return VGPU_FAULT_NONE;
}

void gtt_unmap(struct gpu *gpu, const struct channel *channel, struct mapping *mapping)
{
	if (!mapping->copy)
		return;
	if (mapping->span.writes)
		walk(gpu, channel, mapping, SCATTER);
	free(mapping->copy);
	mapping->copy = NULL;
}
