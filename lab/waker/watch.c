#include "watch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>
#include <xen/io/xs_wire.h>

#define STORE "/dev/xen/xenbus"
#define TOKEN "w"

int watch_open(const char *path)
{
	char request[sizeof(struct xsd_sockmsg) + 128];
	size_t words = strlen(path) + 1 + sizeof(TOKEN);
	const struct xsd_sockmsg head = { .type = XS_WATCH, .len = (uint32_t)words };
	int watch = open(STORE, O_RDWR | O_CLOEXEC);

	if (watch < 0)
		return -1;
	memcpy(request, &head, sizeof(head));
	memcpy(request + sizeof(head), path, strlen(path) + 1);
	memcpy(request + sizeof(head) + strlen(path) + 1, TOKEN, sizeof(TOKEN));
	if (write(watch, request, sizeof(head) + words) == (ssize_t)(sizeof(head) + words))
		return watch;
	close(watch);
	return -1;
}

static int read_all(int watch, void *to, size_t bytes)
{
	for (size_t done = 0; done < bytes;) {
		ssize_t got = read(watch, (char *)to + done, bytes - done);

		if (got <= 0)
			return -1;
		done += (size_t)got;
	}
	return 0;
}

int watch_wait(int watch)
{
	char words[XENSTORE_PAYLOAD_MAX];
	struct xsd_sockmsg head;

	do {
		if (read_all(watch, &head, sizeof(head)) || head.len > sizeof(words) || read_all(watch, words, head.len))
			return -1;
		if (head.type == XS_ERROR) {
			errno = EINVAL;
			return -1;
		}
	} while (head.type != XS_WATCH_EVENT);
	return 0;
}
