#include "gem.h"

#include <errno.h>
#include <string.h>

#define FAULT_PAGES 512u
#define STOP_NS 1000000000ull
#define PATIENCE_MS 1000

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
					      .handles = 1, .alive = 1 };
}

static struct gem_file *file_of(struct gem *gem, uint32_t client, uint32_t file)
{
	if (file == 0 || file > GEM_FILES || gem->file[file - 1].owner != client + 1)
		return NULL;
	return &gem->file[file - 1];
}

static struct gem_object *object_owned(struct gem *gem, uint32_t client, uint32_t number)
{
	if (number == 0 || number > GEM_OBJECTS || gem->object[number - 1].owner != client + 1)
		return NULL;
	return &gem->object[number - 1];
}

static struct gem_object *object_open(struct gem *gem, uint32_t client, uint32_t file, uint32_t handle)
{
	struct gem_file *opened = file_of(gem, client, file);

	if (!opened || handle == 0 || handle > GEM_OBJECTS || !opened->open[handle - 1])
		return NULL;
	return object_owned(gem, client, handle);
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

static void bind(struct gem *gem, const struct gem_file *file, const struct gem_object *object, int valid)
{
	volatile uint64_t *gtt = card_gtt(gem->card, file->channel);

	for (uint32_t page = object->page; file->channel && page < object->page + object->pages; page++)
		gtt[page] = valid ? VGPU_PTE(page) : 0;
}

static void unmap_all(struct gem *gem, const struct gem_object *object)
{
	uint32_t end = object->page + object->pages;

	for (uint32_t page = object->page; page < end;) {
		uint32_t run = 0;

		while (page + run < end && gem->mapped[page + run])
			run++;
		if (run && gem->mapper.unmap)
			gem->mapper.unmap(gem->mapper.context, object->owner - 1, page, run);
		memset(gem->mapped + page, 0, run);
		page += run ? run : 1;
	}
}

/* An object goes when its client has freed it and no file holds it open. */
static void object_check(struct gem *gem, struct gem_object *object)
{
	if (object->alive || object->handles)
		return;
	unmap_all(gem, object);
	memset(gem->card->window + ((uint64_t)object->page << VGPU_PAGE_SHIFT), 0,
	       (uint64_t)object->pages << VGPU_PAGE_SHIFT); /* the next owner is not to read it */
	heap_give(&gem->heap, object->page, object->pages);
	memset(object, 0, sizeof(*object));
}

static int busy(const struct gem *gem, const struct gem_file *file)
{
	return file->channel &&
	       __atomic_load_n(&card_channel(gem->card, file->channel)->head, __ATOMIC_ACQUIRE) != file->tail;
}

static void stop(struct gem *gem, struct gem_file *file)
{
	uint64_t deadline = now_ns() + STOP_NS;

	if (!busy(gem, file))
		return;
	card_channel_stop(gem->card, file->channel);
	while (busy(gem, file) && now_ns() < deadline)
		nap_us(100);
}

void gem_stop(struct gem *gem, uint32_t client, uint32_t file)
{
	struct gem_file *opened = file_of(gem, client, file);

	if (opened)
		stop(gem, opened);
}

static void handle_drop(struct gem *gem, struct gem_file *file, uint32_t handle)
{
	struct gem_object *object = &gem->object[handle - 1];

	bind(gem, file, object, 0);
	file->open[handle - 1] = 0;
	object->handles--;
	object_check(gem, object);
}

int gem_file_close(struct gem *gem, uint32_t client, uint32_t file)
{
	struct gem_file *opened = file_of(gem, client, file);

	if (!opened)
		return -EBADF;
	stop(gem, opened);
	for (uint32_t handle = 1; handle <= GEM_OBJECTS; handle++)
		if (opened->open[handle - 1]) {
			gem->object[handle - 1].alive = 0; /* what a program leaves open dies with it */
			handle_drop(gem, opened, handle);
		}
	gem_channel_free(gem, client, file);
	memset(opened, 0, sizeof(*opened));
	return 0;
}

int gem_channel_alloc(struct gem *gem, uint32_t client, uint32_t file, uint32_t *channel)
{
	struct gem_file *opened = file_of(gem, client, file);

	if (!opened)
		return -EBADF;
	if (opened->channel)
		return -EBUSY;
	for (uint32_t c = 1; c < VGPU_CHANNELS; c++) {
		if (gem->channel_used[c])
			continue;
		memset((void *)(uintptr_t)card_gtt(gem->card, c), 0, VGPU_WINDOW_PAGES * 8);
		if (card_channel_start(gem->card, c))
			return -EIO;
		gem->channel_used[c] = 1;
		opened->channel = c;
		opened->tail = 0;
		for (uint32_t handle = 1; handle <= GEM_OBJECTS; handle++)
			if (opened->open[handle - 1])
				bind(gem, opened, &gem->object[handle - 1], 1);
		*channel = c;
		return 0;
	}
	return -EBUSY;
}

int gem_channel_free(struct gem *gem, uint32_t client, uint32_t file)
{
	struct gem_file *opened = file_of(gem, client, file);

	if (!opened || !opened->channel)
		return -EINVAL;
	stop(gem, opened);
	gem->channel_used[opened->channel] = 0;
	opened->channel = 0;
	opened->tail = 0;
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
	bind(gem, file, &gem->object[handle - 1], 1);
}

int gem_new(struct gem *gem, uint32_t client, uint32_t file, uint64_t bytes, int gart, struct gem_info *info)
{
	struct gem_file *opened = file_of(gem, client, file);
	uint32_t number = 0, page;

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
						   .gart = gart != 0, .alive = 1 };
	handle_open(gem, opened, number + 1);
	tell(gem, number + 1, info);
	return 0;
}

int gem_info(struct gem *gem, uint32_t client, uint32_t file, uint32_t handle, struct gem_info *info)
{
	if (!object_open(gem, client, file, handle))
		return -ENOENT;
	tell(gem, handle, info);
	return 0;
}

int gem_close(struct gem *gem, uint32_t client, uint32_t file, uint32_t handle)
{
	if (!object_open(gem, client, file, handle))
		return -ENOENT;
	handle_drop(gem, file_of(gem, client, file), handle);
	return 0;
}

int gem_free(struct gem *gem, uint32_t client, uint32_t global)
{
	struct gem_object *object = object_owned(gem, client, global);

	if (!object || !object->alive)
		return -ENOENT;
	object->alive = 0;
	object_check(gem, object);
	return 0;
}

int gem_from_global(struct gem *gem, uint32_t client, uint32_t file, uint32_t global, struct gem_info *info)
{
	struct gem_file *opened = file_of(gem, client, file);
	struct gem_object *object = object_owned(gem, client, global);

	if (!opened || !object || !object->alive)
		return -ENOENT;
	if (!opened->open[global - 1])
		handle_open(gem, opened, global);
	tell(gem, global, info);
	return 0;
}

int gem_fault(struct gem *gem, uint32_t client, uint32_t file, uint32_t handle, uint64_t *page, uint32_t *pages)
{
	struct gem_object *object = object_open(gem, client, file, handle);
	uint32_t first, count;
	int error = 0;

	if (!object)
		return -ENOENT;
	if (*page >= object->pages || !gem->mapper.map)
		return -EFAULT;
	first = object->gart ? (uint32_t)*page - (uint32_t)*page % FAULT_PAGES : (uint32_t)*page;
	count = object->gart ? object->pages - first : 1;
	if (count > FAULT_PAGES)
		count = FAULT_PAGES;
	if (!gem->mapped[object->page + first])
		error = gem->mapper.map(gem->mapper.context, client, object->page + first, count);
	if (error)
		return error;
	memset(gem->mapped + object->page + first, 1, count);
	*page = first;
	*pages = count;
	return 0;
}

/* Well-formed commands only; which addresses they reach is the channel's page table to say. */
static int commands_check(const void *commands, uint32_t bytes)
{
	struct vgpu_span spans[VGPU_SPANS_MAX];
	struct vgpu_command command;

	for (uint32_t at = 0; at < bytes;) {
		int length = vgpu_command_fetch(commands, GEM_PUSHBUF_MAX, at, bytes - at, &command);

		if (length <= 0 || vgpu_command_spans(&command, spans) < 0)
			return -EINVAL;
		at += (uint32_t)length;
	}
	return 0;
}

int gem_pushbuf(struct gem *gem, uint32_t client, uint32_t file, const void *commands, uint32_t bytes)
{
	struct gem_file *opened = file_of(gem, client, file);

	if (!opened || !opened->channel)
		return -EBADF;
	if (bytes == 0 || bytes > GEM_PUSHBUF_MAX || bytes % 8 || commands_check(commands, bytes))
		return -EINVAL;
	if (card_put(gem->card, opened->channel, &opened->tail, commands, bytes, PATIENCE_MS))
		return -EIO;
	card_submit(gem->card, opened->channel, opened->tail);
	return 0;
}

int gem_idle(struct gem *gem, uint32_t client, uint32_t file)
{
	struct gem_file *opened = file_of(gem, client, file);

	if (!opened || !opened->channel)
		return -EBADF;
	if (card_channel(gem->card, opened->channel)->state == VGPU_CHANNEL_FAULTED)
		return -EIO;
	return busy(gem, opened) ? -EBUSY : 0;
}

void gem_client_gone(struct gem *gem, uint32_t client)
{
	for (uint32_t file = 1; file <= GEM_FILES; file++)
		if (file_of(gem, client, file))
			gem_file_close(gem, client, file);
	for (uint32_t number = 1; number <= GEM_OBJECTS; number++)
		if (object_owned(gem, client, number))
			gem_free(gem, client, number);
}
