#include "watch.h"
#include "../machine/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <xenstore.h>
#include <xen/io/xs_wire.h>

#define GUEST_DEVICE "/dev/xen/xenbus"

static int open_daemon(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", xs_daemon_socket());
	if (fd >= 0 && !connect(fd, (struct sockaddr *)&address, sizeof(address)))
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

int watch_open(void)
{
	int fd = open_daemon();

	return fd >= 0 ? fd : open(GUEST_DEVICE, O_RDWR | O_CLOEXEC);
}

int watch_add(int watch, const char *path)
{
	struct {
		struct xsd_sockmsg header;
		char body[256];
	} message = { .header = { .type = XS_WATCH } };
	/* Its path, and the name under which to report it: the same, each with its 0. */
	int length = snprintf(message.body, sizeof(message.body), "%s%c%s", path, 0, path) + 1;
	ssize_t bytes;

	if ((size_t)length > sizeof(message.body)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	message.header.len = (uint32_t)length;
	bytes = (ssize_t)(sizeof(message.header) + (size_t)length);
	return write(watch, &message, (size_t)bytes) == bytes ? 0 : -1;
}

/* The message need not be understood: each one, and a part of one, is a reason to look. */
static int hear(int watch)
{
	char messages[1024];

	return read(watch, messages, sizeof(messages)) > 0 ? 1 : -1;
}

int watch_wait(int watch, int quit, uint64_t until_ns)
{
	struct pollfd ready[] = { { .fd = quit, .events = POLLIN }, { .fd = watch, .events = POLLIN } };
	uint64_t now = now_ns();
	int ms = until_ns == WATCH_FOREVER ? -1 : until_ns > now ? (int)((until_ns - now) / 1000000 + 1) : 0;

	if (poll(ready, 2, ms) <= 0)
		return 0;
	return ready[0].revents ? -1 : hear(watch);
}
