#include "pvdrm-serve.h"

#include <errno.h>
#include <string.h>

_Static_assert(PVDRM_FAULT_PAGES * sizeof(uint32_t) <= VGPU_PAGE, "a slot's page holds the grants of a fault");
_Static_assert(PVDRM_POOL >= GEM_OBJECTS, "a front-end's pool holds all the objects it can have");

/* Where the guest finds the window, and GART; a mapped object is at its own offset there. */
#include "../protocol/places.h"

static int take_info(int error, const struct gem_info *info, struct pvdrm_args *args)
{
	if (error)
		return error;
	args->handle = info->handle;
	args->address = info->address;
	args->bytes = info->bytes;
	args->gart = info->gart;
	return 0;
}

static int getparam(struct pvdrm_args *args)
{
	if (args->page == PVDRM_PARAM_ABI)
		args->bytes = VGPU_VERSION;
	else if (args->page == PVDRM_PARAM_VRAM_BYTES)
		args->bytes = VGPU_HEAP_END - VGPU_HEAP;
	else
		return -EINVAL;
	return 0;
}

/* Whoever closes the file of a killed program does not know what that had mapped. */
static int file_close(struct gem *gem, uint32_t client, struct pvdrm_args *args)
{
	const struct gem_unmapped before = gem->unmapped;
	int error = gem_file_close(gem, client, args->file);

	args->bytes = gem->unmapped.calls - before.calls;
	args->pages = (uint32_t)(gem->unmapped.pages - before.pages);
	return error;
}

/* Copies the commands first: what is checked is what runs, whatever the guest writes meanwhile. */
static int pushbuf(struct gem *gem, uint32_t client, const struct pvdrm_args *args, const volatile uint8_t *page)
{
	uint8_t commands[GEM_PUSHBUF_MAX];

	if (args->bytes > sizeof(commands))
		return -EINVAL;
	for (uint64_t i = 0; i < args->bytes; i++)
		commands[i] = page[i];
	return gem_pushbuf(gem, client, args->file, commands, (uint32_t)args->bytes);
}

static int mmap_object(struct gem *gem, uint32_t client, struct pvdrm_args *args)
{
	struct gem_info info;
	int error = gem_info(gem, client, args->file, args->handle, &info);

	if (!error)
		args->address = (info.gart ? GUEST_GRANTS : GUEST_WINDOW) + info.address;
	return error;
}

static int fault(struct gem *gem, uint32_t client, struct pvdrm_args *args, volatile uint8_t *page)
{
	int error = gem_fault(gem, client, args->file, args->handle, &args->page, &args->pages);

	if (!error)
		args->gart = gem_grants(gem, client, args->file, args->handle, args->page, args->pages,
					(volatile uint32_t *)(volatile void *)page);
	return error;
}

/* For an object that the file has, or for none: then only the channel is concerned. */
static int cpu_prep(struct gem *gem, uint32_t client, const struct pvdrm_args *args)
{
	struct gem_info info;
	int error = args->handle ? gem_info(gem, client, args->file, args->handle, &info) : 0;

	return error ? error : gem_idle(gem, client, args->file);
}

static int call(struct gem *gem, uint32_t client, uint32_t code, struct pvdrm_args *args, volatile uint8_t *page)
{
	struct gem_info info;

	switch (code) {
	case PVDRM_FILE_OPEN:
		return gem_file_open(gem, client, &args->file);
	case PVDRM_FILE_CLOSE:
		return file_close(gem, client, args);
	case PVDRM_GETPARAM:
		return getparam(args);
	case PVDRM_CHANNEL_ALLOC:
		return gem_channel_alloc(gem, client, args->file, &args->channel);
	case PVDRM_CHANNEL_FREE:
		return gem_channel_free(gem, client, args->file);
	case PVDRM_GEM_NEW:
		return take_info(gem_new(gem, client, args->file, args->bytes, args->gart != 0, &info), &info, args);
	case PVDRM_GEM_INFO:
		return take_info(gem_info(gem, client, args->file, args->handle, &info), &info, args);
	case PVDRM_GEM_CLOSE:
		return gem_close(gem, client, args->file, args->handle);
	case PVDRM_TO_GLOBAL:
		return gem_to_global(gem, client, args->file, args->handle, &args->global);
	case PVDRM_FROM_GLOBAL:
		return take_info(gem_from_global(gem, client, args->file, args->global, &info), &info, args);
	case PVDRM_MMAP:
		return mmap_object(gem, client, args);
	case PVDRM_FAULT:
		return fault(gem, client, args, page);
	case PVDRM_PUSHBUF:
		return pushbuf(gem, client, args, page);
	case PVDRM_CPU_PREP:
		return cpu_prep(gem, client, args);
	default:
		return -ENOSYS;
	}
}

void pvdrm_serve(struct gem *gem, uint32_t client, struct crossings *counters, struct pvdrm_slot *slot,
		 volatile uint8_t *page)
{
	uint32_t code = __atomic_load_n(&slot->code, __ATOMIC_ACQUIRE);
	struct pvdrm_args args;
	int result;

	memcpy(&args, &slot->args, sizeof(args));
	if (code > 0 && code < PVDRM_CODES)
		crossings_count(counters, pvdrm_crossing[code]);
	pthread_mutex_lock(&gem->lock);
	result = call(gem, client, code, &args, page);
	pthread_mutex_unlock(&gem->lock);
	if (result && result != -EBUSY)
		crossings_count(counters, CROSS_REFUSED);
	memcpy(&slot->args, &args, sizeof(args));
	slot->result = result;
	__atomic_store_n(&slot->state, PVDRM_DONE, __ATOMIC_RELEASE);
}
