/*
 * waker bare|dom0|guests|guest [once]: a restored lab continues with the time of day and the random numbers
 * of the moment it was saved. This refreshes each machine: bare and dom0 when the host says so on their
 * serial line, a guest when dom0 has said so in xenstore and it runs; `guests`, in dom0, says so to new
 * guests. `once` waits for the first time, at boot, because a machine without randomness can't serve SSH, and
 * gathering its own takes seconds.
 */
#include "line.h"
#include "store.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define FIRST_S 10

static int complain(const char *what)
{
	perror(what);
	return 1;
}

/* Boots without it if nobody answers. */
static int line_once(struct line *line)
{
	struct pollfd ready = { .fd = line->fd, .events = POLLIN };
	int64_t step_ns;

	line_say(line, "hello", "");
	while (poll(&ready, 1, FIRST_S * 1000) == 1) {
		int woken = line_wake(line, &step_ns);

		if (woken)
			return woken < 0;
	}
	fprintf(stderr, "waker: nobody at the other end\n");
	return 1;
}

/* `store` is NULL on the bare box. */
static int serve_line(struct line *line, struct xs_handle *store)
{
	int64_t total_ns = 0, step_ns;
	int woken = 1;

	while (woken >= 0) {
		char text[AWAKE_TEXT];

		if (woken) {
			awake_text(text);
			line_say(line, "awake", text);
		}
		woken = line_wake(line, &step_ns);
		if (woken <= 0)
			continue;
		total_ns += step_ns;
		if (store)
			store_wake_guests(store, total_ns);
	}
	return 1;
}

int main(int argc, char **argv)
{
	const char *who = argc > 1 ? argv[1] : "";
	int once = argc == 3 && !strcmp(argv[2], "once");
	int bare = !strcmp(who, "bare"), dom0 = !strcmp(who, "dom0");
	int guests = !strcmp(who, "guests"), guest = !strcmp(who, "guest");
	struct xs_handle *store = NULL;
	struct line line;

	if (argc > 2 + once || bare + dom0 + guests + guest != 1 || (guests && once)) {
		fprintf(stderr, "usage: waker bare|dom0|guests|guest [once]\n");
		return 2;
	}
	if ((bare || dom0) && line_open(&line))
		return complain("waker: the serial line");
	if ((bare || dom0) && once)
		return line_once(&line);
	if (!bare && !(store = xs_open(0)))
		return complain("waker: xenstore");
	if (once)
		alarm(FIRST_S);
	return guests ? store_serve_new_guests(store) : guest ? store_serve_guest(store, once) : serve_line(&line, store);
}
