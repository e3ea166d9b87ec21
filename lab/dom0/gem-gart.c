/* The host's memory behind GART objects: all zero when an object begins, and its client's alone. */
#include "gem-parts.h"

#include <errno.h>
#include <string.h>

int gem_gart_take(struct gem *gem, const struct gem_object *object)
{
	int error = 0;

	if (!object->gart || !gem->mapper.take)
		return 0;
	for (uint32_t page = object->page; !error && page < object->page + object->pages; page++)
		error = gem->mapper.take(gem->mapper.context, object->owner - 1, page, &gem->gart[page]);
	if (error)
		gem_gart_give(gem, object);
	return error;
}

void gem_gart_give(struct gem *gem, const struct gem_object *object)
{
	for (uint32_t page = object->page + object->pages; page-- > object->page;) { /* so that they are allocated in order again */
		struct gart_page *taken = &gem->gart[page];

		if (!taken->data)
			continue;
		memset(taken->data, 0, VGPU_PAGE);
		gem->mapper.give(gem->mapper.context, object->owner - 1, taken);
		*taken = (struct gart_page){ 0 };
	}
}

uint32_t gem_grants(struct gem *gem, uint32_t client, uint32_t file, uint32_t handle, uint64_t page, uint32_t pages,
		    volatile uint32_t *refs)
{
	const struct gem_object *object = gem_object_open(gem, client, file, handle);

	if (!object || page >= object->pages || pages > object->pages - page || !gem->gart[object->page].data)
		return 0;
	for (uint32_t i = 0; i < pages; i++)
		refs[i] = gem->gart[object->page + page + i].ref;
	return pages;
}
