/*
 * pvdrm-back [sequential=0|1] [rest=0|1] [request-us=N] [unmap-us=N] DOMAIN...: the back-end of pvdrm (lab). For each
 * front-end that connects a thread polls its counter page; with sequential=1 it serves requests itself, else it hands
 * them to an ordered queue, as the module's workqueue is. With rest=0 it looks 100,000 times, and then with sleeps of
 * 20 ns between, for ever, as the module does. request-us and unmap-us: by how much a front-end
 * prolongs each request, and each unmapping per page.
 */
#include "domains.h"
#include "pvdrm-back.h"
#include "pvdrm-gart.h"
#include "../machine/quit.h"
#include "../machine/ready.h"
#include "../protocol/places.h"
#include "../store/watch.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct card card;
static struct gem gem;
static xc_interface *xc;
static xengnttab_handle *grants;
static struct xs_handle *store;
static int watch;
static struct back backs[GUESTS_MAX];
static unsigned int back_count;
static unsigned int sequential = 1, rest, request_us, unmap_us;

static uint64_t gfn_of(uint32_t page)
{
	return (GUEST_WINDOW >> VGPU_PAGE_SHIFT) + page;
}

static int map_pages(void *context, uint32_t client, uint32_t page, uint32_t pages)
{
	(void)context;
	crossings_count(backs[client].counters, CROSS_HYPERCALL_MAP);
	crossings_add(backs[client].counters, CROSS_PAGES_MAPPED, pages);
	return guest_map(xc, backs[client].domain, gfn_of(page), card.window_frame + page, pages);
}

static void unmap_pages(void *context, uint32_t client, uint32_t page, uint32_t pages)
{
	(void)context;
	crossings_count(backs[client].counters, CROSS_HYPERCALL_UNMAP);
	crossings_add(backs[client].counters, CROSS_PAGES_UNMAPPED, pages);
	guest_unmap(xc, backs[client].domain, gfn_of(page), card.window_frame + page, pages);
}

static int take_page(void *context, uint32_t client, uint32_t page, struct gart_page *taken)
{
	(void)context;
	(void)page;
	return gart_take(client, backs[client].domain, taken);
}

static void give_page(void *context, uint32_t client, const struct gart_page *page)
{
	(void)context;
	gart_give(client, page);
}

static void count_granted(void *context, uint32_t client, uint32_t pages)
{
	(void)context;
	crossings_count(backs[client].counters, CROSS_GRANT_MAP);
	crossings_add(backs[client].counters, CROSS_GRANTS_MAPPED, pages);
}

static void count_ended(void *context, uint32_t client, uint32_t pages)
{
	(void)context;
	crossings_count(backs[client].counters, CROSS_GRANT_UNMAP);
	crossings_add(backs[client].counters, CROSS_GRANTS_UNMAPPED, pages);
}

static void connect_front(struct back *back)
{
	if (back_map_grants(back, store, grants)) {
		fprintf(stderr, "pvdrm-back: the grants of %s do not map\n", back->name);
		back_unmap_grants(back, grants);
		return;
	}
	back->page->request_us = request_us;
	back->page->unmap_us = unmap_us;
	back_poll_start(back);
	back->connected = 1;
	back_state_write(store, back, PVDRM_CONNECTED);
	printf("connected: %s\n", back->name);
	fflush(stdout);
}

static void disconnect_front(struct back *back)
{
	if (!back->connected)
		return;
	back_poll_stop(back);
	pthread_mutex_lock(&gem.lock);
	gem_client_gone(&gem, back->client);
	pthread_mutex_unlock(&gem.lock);
	back_unmap_grants(back, grants);
	back->connected = 0;
	back_state_write(store, back, PVDRM_INIT_WAIT);
}

static void look(struct back *back)
{
	switch (front_read(store, back, "state")) {
	case PVDRM_INITIALISING:
		disconnect_front(back);
		if (!back->waiting)
			back_state_write(store, back, PVDRM_INIT_WAIT);
		back->waiting = 1;
		break;
	case PVDRM_INITIALISED:
		back->waiting = 0;
		if (!back->connected)
			connect_front(back);
		break;
	case PVDRM_CONNECTED:
		break;
	default:
		disconnect_front(back);
		back->waiting = 0;
	}
}

static int add(uint32_t client, const char *name, int alone)
{
	struct back *back = &backs[client];
	int domain = domain_find(name);

	if (domain < 0) {
		fprintf(stderr, "pvdrm-back: no domain %s\n", name);
		return -1;
	}
	back->domain = (uint32_t)domain;
	back->client = client;
	back->name = name;
	back->counters = crossings_open(name);
	back->gem = &gem;
	back->sequential = (int)sequential;
	back->rests = (int)rest;
	back->alone = alone;
	pthread_mutex_init(&back->queue_lock, NULL);
	pthread_cond_init(&back->queue_filled, NULL);
	back_count++;
	if (!front_watch(watch, back))
		return 0;
	fprintf(stderr, "pvdrm-back: watching %s: %s\n", name, strerror(errno));
	return -1;
}

/* Checks all front-ends whenever one has changed its state. */
static void serve_store(int quit)
{
	do
		for (unsigned int i = 0; i < back_count; i++)
			look(&backs[i]);
	while (watch_wait(watch, quit, WATCH_FOREVER) >= 0);
}

static int open_all(void)
{
	const struct gem_mapper mapper = { .map = map_pages, .unmap = unmap_pages, .take = take_page, .give = give_page,
					   .granted = count_granted, .ended = count_ended };

	xc = xc_interface_open(NULL, NULL, 0);
	grants = xengnttab_open(NULL, 0);
	store = xs_open(0);
	watch = watch_open();
	if (!xc || !grants || !store || watch < 0) {
		fprintf(stderr, "pvdrm-back: no access to Xen: %s\n", strerror(errno));
		return -1;
	}
	if (card_open(&card, VGPU_WINDOW) || card_reset(&card))
		return -1;
	if (gart_open(&card)) {
		fprintf(stderr, "pvdrm-back: no memory that the GPU and a guest can share: %s\n", strerror(errno));
		return -1;
	}
	gem_init(&gem, &card, &mapper);
	return 0;
}

static int option(const char *word)
{
	const struct {
		const char *name;
		unsigned int *value;
	} options[] = { { "sequential=", &sequential },
			{ "rest=", &rest },
			{ "request-us=", &request_us },
			{ "unmap-us=", &unmap_us } };

	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		if (!strncmp(word, options[i].name, strlen(options[i].name))) {
			*options[i].value = (unsigned int)atoi(word + strlen(options[i].name));
			return 1;
		}
	return 0;
}

int main(int argc, char **argv)
{
	int first = 1, error = 0, quit = quit_open();

	while (first < argc && option(argv[first]))
		first++;
	if (argc - first < 1 || argc - first > GUESTS_MAX) {
		fprintf(stderr, "usage: pvdrm-back [sequential=0|1] [rest=0|1] [request-us=N] [unmap-us=N] DOMAIN... (1 to %d)\n",
			GUESTS_MAX);
		return 2;
	}
	if (open_all())
		return 1;
	for (int i = first; !error && i < argc; i++)
		error = add((uint32_t)(i - first), argv[i], argc - first == 1);
	if (error)
		return 1;
	ready("pvdrm-back, sequential=%u, rest=%u, adds %u us per request and %u us per page unmapped", sequential, rest,
	      request_us, unmap_us);
	serve_store(quit);
	for (unsigned int i = 0; i < back_count; i++)
		disconnect_front(&backs[i]);
	if (!card_reset(&card))
		gart_close();
	ready_ended();
	return 0;
}
