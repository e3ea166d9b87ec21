/* Channels of the GPU, owned by files: page table, pushbufs, and their end. */
#include "gem-parts.h"

#include <errno.h>
#include <string.h>

#define STOP_NS 1000000000ull
#define PATIENCE_MS 1000

void gem_bind(struct gem *gem, const struct gem_file *file, const struct gem_object *object, int valid)
{
	volatile uint64_t *gtt = card_gtt(gem->card, file->channel);

	for (uint32_t page = object->page; file->channel && page < object->page + object->pages; page++) {
		const struct gart_page *host = &gem->gart[page];

		gtt[page] = !valid ? 0 : host->data ? VGPU_PTE_OF_HOST(host->frame) : VGPU_PTE(page);
	}
}

static int busy(const struct gem *gem, const struct gem_file *file)
{
	return file->channel &&
	       __atomic_load_n(&card_channel(gem->card, file->channel)->head, __ATOMIC_ACQUIRE) != file->tail;
}

void gem_channel_quiesce(struct gem *gem, struct gem_file *file)
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
	struct gem_file *opened = gem_file_of(gem, client, file);

	if (opened)
		gem_channel_quiesce(gem, opened);
}

int gem_channel_alloc(struct gem *gem, uint32_t client, uint32_t file, uint32_t *channel)
{
	struct gem_file *opened = gem_file_of(gem, client, file);

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
				gem_bind(gem, opened, &gem->object[handle - 1], 1);
		*channel = c;
		return 0;
	}
	return -EBUSY;
}

int gem_channel_free(struct gem *gem, uint32_t client, uint32_t file)
{
	struct gem_file *opened = gem_file_of(gem, client, file);

	if (!opened || !opened->channel)
		return -EINVAL;
	gem_channel_quiesce(gem, opened);
	gem->channel_used[opened->channel] = 0;
	opened->channel = 0;
	opened->tail = 0;
	return 0;
}

/* Well-formed commands only; the channel's page table determines which addresses they reach. */
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
	struct gem_file *opened = gem_file_of(gem, client, file);

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
	struct gem_file *opened = gem_file_of(gem, client, file);

	if (!opened || !opened->channel)
		return -EBADF;
	if (card_channel(gem->card, opened->channel)->state == VGPU_CHANNEL_FAULTED)
		return -EIO;
	return busy(gem, opened) ? -EBUSY : 0;
}
