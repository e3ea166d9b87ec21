#include "gem-parts.h"

#include <stddef.h>

struct gem_file *gem_file_of(struct gem *gem, uint32_t client, uint32_t file)
{
	if (file == 0 || file > GEM_FILES || gem->file[file - 1].owner != client + 1)
		return NULL;
	return &gem->file[file - 1];
}

struct gem_object *gem_object_owned(struct gem *gem, uint32_t client, uint32_t number)
{
	if (number == 0 || number > GEM_OBJECTS || gem->object[number - 1].owner != client + 1)
		return NULL;
	return &gem->object[number - 1];
}

struct gem_object *gem_object_open(struct gem *gem, uint32_t client, uint32_t file, uint32_t handle)
{
	struct gem_file *opened = gem_file_of(gem, client, file);

	if (!opened || handle == 0 || handle > GEM_OBJECTS || !opened->open[handle - 1])
		return NULL;
	return gem_object_owned(gem, client, handle);
}
