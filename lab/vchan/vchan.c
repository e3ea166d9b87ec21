#include "vchan.h"
#include "../protocol/forward.h"

#include <poll.h>

#define DOZE_MS 500

static uint64_t piece(uint64_t bytes)
{
	return bytes < FORWARD_RING_BYTES ? bytes : FORWARD_RING_BYTES;
}

int vchan_read_all(struct libxenvchan *channel, void *to, uint64_t bytes, vchan_wait_fn wait, void *context)
{
	uint8_t *at = to;

	while (bytes) {
		int got = libxenvchan_read(channel, at, piece(bytes));

		if (got < 0 || (got == 0 && wait(context)))
			return -1;
		at += got;
		bytes -= (uint64_t)got;
	}
	return 0;
}

int vchan_write_all(struct libxenvchan *channel, const void *from, uint64_t bytes, vchan_wait_fn wait, void *context)
{
	const uint8_t *at = from;

	while (bytes) {
		int put = libxenvchan_write(channel, at, piece(bytes));

		if (put < 0 || (put == 0 && wait(context)))
			return -1;
		at += put;
		bytes -= (uint64_t)put;
	}
	return 0;
}

void vchan_doze(struct libxenvchan *channel, int quit)
{
	struct pollfd events[] = { { .fd = libxenvchan_fd_for_select(channel), .events = POLLIN },
				   { .fd = quit, .events = POLLIN } };

	if (poll(events, 2, DOZE_MS) > 0 && events[0].revents)
		libxenvchan_wait(channel);
}
