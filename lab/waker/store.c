#include "store.h"
#include "../store/watch.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DOMAINS "/local/domain"
#define STEP DOMAINS "/0/data/step"
#define WAKE "data/wake"
#define AWAKE "data/awake"
#define INTRODUCED "@introduceDomain"

static void write_node(struct xs_handle *store, const char *path, const char *text)
{
	if (!xs_write(store, XBT_NULL, path, text, (unsigned int)strlen(text)))
		perror(path);
}

static int64_t told_step(struct xs_handle *store)
{
	char *text = xs_read(store, XBT_NULL, STEP, NULL);
	int64_t total_ns = text ? strtoll(text, NULL, 10) : 0;

	free(text);
	return total_ns;
}

static void wake_guest(struct xs_handle *store, const char *path, int64_t total_ns)
{
	char digits[2 * SEED_BYTES + 1], text[sizeof(digits) + 24];

	fresh_seed(digits);
	snprintf(text, sizeof(text), "%" PRId64 " %s", total_ns, digits);
	write_node(store, path, text);
	explicit_bzero(digits, sizeof(digits));
	explicit_bzero(text, sizeof(text));
}

static int is_there(struct xs_handle *store, const char *path)
{
	char *found = xs_read(store, XBT_NULL, path, NULL);

	free(found);
	return found != NULL;
}

static void wake_guests(struct xs_handle *store, int64_t total_ns, int all)
{
	unsigned int count = 0;
	char **ids = xs_directory(store, XBT_NULL, DOMAINS, &count);

	for (unsigned int i = 0; ids && i < count; i++) {
		char path[64];

		if (!strcmp(ids[i], "0"))
			continue;
		snprintf(path, sizeof(path), DOMAINS "/%.8s/" WAKE, ids[i]);
		if (all || !is_there(store, path))
			wake_guest(store, path, total_ns);
	}
	free(ids);
}

void store_wake_guests(struct xs_handle *store, int64_t total_ns)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRId64, total_ns);
	write_node(store, STEP, text);
	wake_guests(store, total_ns, 1);
}

/* Ignores quit requests: nobody ends a waker. */
#define NOBODY (-1)

static int watch_on(const char *path)
{
	int watch = watch_open();

	return watch >= 0 && !watch_add(watch, path) ? watch : -1;
}

int store_serve_new_guests(struct xs_handle *store)
{
	int watch = watch_on(INTRODUCED);

	while (watch >= 0 && watch_wait(watch, NOBODY, WATCH_FOREVER) > 0)
		wake_guests(store, told_step(store), 0);
	perror("waker: " INTRODUCED);
	return 1;
}

static void say_awake(struct xs_handle *store)
{
	char text[AWAKE_TEXT];

	awake_text(text);
	write_node(store, AWAKE, text);
}

static int take_seed(struct xs_handle *store, int64_t *total_ns)
{
	char digits[2 * SEED_BYTES + 1] = "";
	char *text = xs_read(store, XBT_NULL, WAKE, NULL);
	int taken = text && sscanf(text, "%" SCNd64 " %128s", total_ns, digits) == 2;

	free(text);
	if (taken)
		reseed(digits);
	explicit_bzero(digits, sizeof(digits));
	return taken;
}

/* The clock of a new guest is right; it only needs dom0's steps since then. */
int store_serve_guest(struct xs_handle *store, int once)
{
	int watch = watch_on(WAKE);
	int64_t known_ns = 0, total_ns;
	int first = 1;

	while (watch >= 0 && watch_wait(watch, NOBODY, WATCH_FOREVER) > 0) {
		if (!take_seed(store, &total_ns))
			continue;
		if (once)
			return 0;
		if (!first)
			clock_step(total_ns - known_ns);
		first = 0;
		known_ns = total_ns;
		say_awake(store);
	}
	perror("waker: " WAKE);
	return 1;
}
