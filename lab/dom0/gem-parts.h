/* Shared by the files that implement gem.h: lookups among an owner's names, and the page table. */
#ifndef VGPU_GEM_PARTS_H
#define VGPU_GEM_PARTS_H

#include "gem.h"

/* gem-find.c: NULL unless the client has that file; unless it owns the object; unless the file also has it
   open. */
struct gem_file *gem_file_of(struct gem *gem, uint32_t client, uint32_t file);
struct gem_object *gem_object_owned(struct gem *gem, uint32_t client, uint32_t number);
struct gem_object *gem_object_open(struct gem *gem, uint32_t client, uint32_t file, uint32_t handle);

/* gem-map.c: removes what a guest has mapped of an object. */
void gem_unmap_all(struct gem *gem, const struct gem_object *object);

/* gem-gart.c: host memory behind a GART object, if supported. 0, or a negative errno. */
int gem_gart_take(struct gem *gem, const struct gem_object *object);
void gem_gart_give(struct gem *gem, const struct gem_object *object);

/* gem-channel.c: adds an object to (or removes it from) the page table of a file's channel, if it has one. */
void gem_bind(struct gem *gem, const struct gem_file *file, const struct gem_object *object, int valid);
void gem_channel_quiesce(struct gem *gem, struct gem_file *file);

#endif
