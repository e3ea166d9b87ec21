#include "gem-parts.h"

#include <errno.h>
#include <string.h>

void gem_init(struct gem *gem, const struct card *card, const struct gem_mapper *mapper)
{
	memset(gem, 0, sizeof(*gem));
	gem->card = card;
	if (mapper)
		gem->mapper = *mapper;
	pthread_mutex_init(&gem->lock, NULL);
	heap_init(&gem->heap, VGPU_HEAP, VGPU_HEAP_END - VGPU_HEAP);
	gem->channel_used[0] = 1; /* a mediator's */
	gem->object[0] = (struct gem_object){ .owner = GEM_HOST + 1, .page = VGPU_CANARY >> VGPU_PAGE_SHIFT, .pages = 1,
					      .handles = 1 };
}

int gem_file_open(struct gem *gem, uint32_t client, uint32_t *file)
{
	for (uint32_t i = 0; i < GEM_FILES; i++)
		if (!gem->file[i].owner) {
			memset(&gem->file[i], 0, sizeof(gem->file[i]));
			gem->file[i].owner = client + 1;
			*file = i + 1;
			return 0;
		}
	return -EMFILE;
}

/* An object ends with its last handle, unless it has a global name. */
static void object_check(struct gem *gem, struct gem_object *object)
{
	uint64_t bytes = (uint64_t)object->pages << VGPU_PAGE_SHIFT;

	if (object->global || object->handles)
		return;
	gem_unmap_all(gem, object);
	/* The next owner must not read it. */
	if (gem->gart[object->page].data)
		gem_gart_give(gem, object);
	else
		memset(card_at(gem->card, (uint64_t)object->page << VGPU_PAGE_SHIFT, bytes), 0, bytes);
	heap_give(&gem->heap, object->page, object->pages);
	memset(object, 0, sizeof(*object));
}

static void handle_drop(struct gem *gem, struct gem_file *file, uint32_t handle)
{
	struct gem_object *object = &gem->object[handle - 1];

	gem_bind(gem, file, object, 0);
	file->open[handle - 1] = 0;
	object->handles--;
	object_check(gem, object);
}

int gem_file_close(struct gem *gem, uint32_t client, uint32_t file)
{
	struct gem_file *opened = gem_file_of(gem, client, file);

	if (!opened)
		return -EBADF;
	gem_channel_quiesce(gem, opened);
	for (uint32_t handle = 1; handle <= GEM_OBJECTS; handle++)
		if (opened->open[handle - 1]) {
			gem->object[handle - 1].global = 0; /* objects left open end with their program */
			handle_drop(gem, opened, handle);
		}
	gem_channel_free(gem, client, file);
	memset(opened, 0, sizeof(*opened));
	return 0;
}

static void tell(const struct gem *gem, uint32_t handle, struct gem_info *info)
{
	const struct gem_object *object = &gem->object[handle - 1];

	info->handle = handle;
	info->address = (uint64_t)object->page << VGPU_PAGE_SHIFT;
	info->bytes = (uint64_t)object->pages << VGPU_PAGE_SHIFT;
	info->gart = object->gart;
}

static void handle_open(struct gem *gem, struct gem_file *file, uint32_t handle)
{
	file->open[handle - 1] = 1;
	gem->object[handle - 1].handles++;
	gem_bind(gem, file, &gem->object[handle - 1], 1);
}

int gem_new(struct gem *gem, uint32_t client, uint32_t file, uint64_t bytes, int gart, struct gem_info *info)
{
	struct gem_file *opened = gem_file_of(gem, client, file);
	uint32_t number = 0, page;
	int error;

	if (!opened)
		return -EBADF;
	if (bytes == 0 || bytes > VGPU_WINDOW)
		return -EINVAL;
	while (number < GEM_OBJECTS && gem->object[number].owner)
		number++;
	if (number == GEM_OBJECTS)
		return -ENOSPC;
	page = heap_take(&gem->heap, pages_of(bytes), gart);
	if (!page)
		return -ENOSPC;
	gem->object[number] = (struct gem_object){ .owner = client + 1, .page = page, .pages = pages_of(bytes),
						   .gart = gart != 0 };
	error = gem_gart_take(gem, &gem->object[number]);
	if (error) {
		heap_give(&gem->heap, page, gem->object[number].pages);
		memset(&gem->object[number], 0, sizeof(gem->object[number]));
		return error;
	}
	handle_open(gem, opened, number + 1);
	tell(gem, number + 1, info);
	return 0;
}

int gem_info(struct gem *gem, uint32_t client, uint32_t file, uint32_t handle, struct gem_info *info)
{
	if (!gem_object_open(gem, client, file, handle))
		return -ENOENT;
	tell(gem, handle, info);
	return 0;
}

int gem_close(struct gem *gem, uint32_t client, uint32_t file, uint32_t handle)
{
	if (!gem_object_open(gem, client, file, handle))
		return -ENOENT;
	handle_drop(gem, gem_file_of(gem, client, file), handle);
	return 0;
}

int gem_to_global(struct gem *gem, uint32_t client, uint32_t file, uint32_t handle, uint32_t *global)
{
	struct gem_object *object = gem_object_open(gem, client, file, handle);

	if (!object)
		return -ENOENT;
	object->global = 1;
	*global = handle;
	return 0;
}

int gem_from_global(struct gem *gem, uint32_t client, uint32_t file, uint32_t global, struct gem_info *info)
{
	struct gem_file *opened = gem_file_of(gem, client, file);
	struct gem_object *object = gem_object_owned(gem, client, global);

	if (!opened || !object || !object->global)
		return -ENOENT;
	if (!opened->open[global - 1])
		handle_open(gem, opened, global);
	tell(gem, global, info);
	return 0;
}

void gem_client_gone(struct gem *gem, uint32_t client)
{
	for (uint32_t file = 1; file <= GEM_FILES; file++)
		if (gem_file_of(gem, client, file))
			gem_file_close(gem, client, file);
	for (uint32_t number = 1; number <= GEM_OBJECTS; number++)
		if (gem_object_owned(gem, client, number)) {
			gem->object[number - 1].global = 0;
			object_check(gem, &gem->object[number - 1]);
		}
}
