/* Which pages of objects are mapped in their owner's guest. */
#include "gem-parts.h"
#include "../protocol/pvdrm.h"

#include <errno.h>
#include <string.h>

/* Mappings that the guest made by its own calls end with those calls: a guest that keeps a page only keeps
   one of its own. */
static void end_grants(struct gem *gem, const struct gem_object *object)
{
	for (uint32_t first = 0; first < object->pages; first += PVDRM_FAULT_PAGES) {
		uint32_t left = object->pages - first, pages = left < PVDRM_FAULT_PAGES ? left : PVDRM_FAULT_PAGES;

		if (gem->mapped[object->page + first])
			gem->mapper.ended(gem->mapper.context, object->owner - 1, pages);
		memset(gem->mapped + object->page + first, 0, pages);
	}
}

static void unmap_runs(struct gem *gem, const struct gem_object *object)
{
	uint32_t end = object->page + object->pages;

	for (uint32_t page = object->page; page < end;) {
		uint32_t run = 0;

		while (page + run < end && gem->mapped[page + run])
			run++;
		if (run && gem->mapper.unmap)
			gem->mapper.unmap(gem->mapper.context, object->owner - 1, page, run);
		gem->unmapped.calls += run > 0;
		gem->unmapped.pages += run;
		memset(gem->mapped + page, 0, run);
		page += run ? run : 1;
	}
}

void gem_unmap_all(struct gem *gem, const struct gem_object *object)
{
	if (gem->gart[object->page].data)
		end_grants(gem, object);
	else
		unmap_runs(gem, object);
}

static int map_pages(struct gem *gem, uint32_t client, uint32_t page, uint32_t pages)
{
	if (gem->mapped[page])
		return 0;
	if (!gem->gart[page].data)
		return gem->mapper.map(gem->mapper.context, client, page, pages);
	gem->mapper.granted(gem->mapper.context, client, pages);
	return 0;
}

int gem_fault(struct gem *gem, uint32_t client, uint32_t file, uint32_t handle, uint64_t *page, uint32_t *pages)
{
	struct gem_object *object = gem_object_open(gem, client, file, handle);
	uint32_t first, count;
	int error;

	if (!object)
		return -ENOENT;
	if (*page >= object->pages || !gem->mapper.map)
		return -EFAULT;
	first = object->gart ? (uint32_t)*page - (uint32_t)*page % PVDRM_FAULT_PAGES : (uint32_t)*page;
	count = object->gart ? object->pages - first : 1;
	if (count > PVDRM_FAULT_PAGES)
		count = PVDRM_FAULT_PAGES;
	error = map_pages(gem, client, object->page + first, count);
	if (error)
		return error;
	memset(gem->mapped + object->page + first, 1, count);
	*page = first;
	*pages = count;
	return 0;
}
