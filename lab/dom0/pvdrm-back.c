/*
 * pvdrm-back [sequential=0|1] DOMAIN...: the back-end of pvdrm (lab). For each front-end that connects a
 * thread polls its counter page; with sequential=1 it serves requests itself, else it hands them to an
 * ordered queue, as the module's workqueue is.
 */
#include "hang.h"
#include "pvdrm-serve.h"
#include "xen.h"
#include "../protocol/places.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xengnttab.h>
#include <xenstore.h>

#define GUESTS_MAX 7
#define IDLE_NAP_US 50
#define LOOK_OFTEN_US 100000
#define LOOK_RARELY_US 1000000

struct back {
	uint32_t domain;
	uint32_t client;
	const char *name;
	struct crossings *counters;
	struct pvdrm_page *page;
	uint8_t *slot_page[PVDRM_SLOTS];
	pthread_t poller, worker;
	int connected;
	int waiting; /* we said so in xenstore */
	int stopping;
	pthread_mutex_t queue_lock;
	pthread_cond_t queue_filled;
	uint32_t queue[PVDRM_SLOTS];
	uint32_t queue_put, queue_taken;
	struct hang_watch watch;
};

static struct card card;
static struct gem gem;
static xc_interface *xc;
static xengnttab_handle *grants;
static struct xs_handle *store;
static struct back backs[GUESTS_MAX];
static unsigned int back_count;
static int sequential = 1;
static volatile sig_atomic_t quit;

static void on_signal(int number)
{
	(void)number;
	quit = 1;
}

static uint64_t gfn_of(uint32_t page)
{
	return (GUEST_WINDOW >> VGPU_PAGE_SHIFT) + page;
}

static int map_pages(void *context, uint32_t client, uint32_t page, uint32_t pages)
{
	(void)context;
	return guest_map(xc, backs[client].domain, gfn_of(page), card.window_frame + page, pages);
}

static void unmap_pages(void *context, uint32_t client, uint32_t page, uint32_t pages)
{
	(void)context;
	guest_unmap(xc, backs[client].domain, gfn_of(page), card.window_frame + page, pages);
}

static void serve_slot(struct back *back, uint32_t slot)
{
	if (slot < PVDRM_SLOTS)
		pvdrm_serve(&gem, back->client, back->counters, &back->page->slot[slot], back->slot_page[slot]);
}

static void enqueue(struct back *back, uint32_t slot)
{
	pthread_mutex_lock(&back->queue_lock);
	if (back->queue_put - back->queue_taken < PVDRM_SLOTS)
		back->queue[back->queue_put++ % PVDRM_SLOTS] = slot;
	pthread_cond_signal(&back->queue_filled);
	pthread_mutex_unlock(&back->queue_lock);
}

static void *work(void *context)
{
	struct back *back = context;

	pthread_mutex_lock(&back->queue_lock);
	while (!back->stopping) {
		uint32_t slot;

		if (back->queue_put == back->queue_taken) {
			pthread_cond_wait(&back->queue_filled, &back->queue_lock);
			continue;
		}
		slot = back->queue[back->queue_taken++ % PVDRM_SLOTS];
		pthread_mutex_unlock(&back->queue_lock);
		serve_slot(back, slot);
		pthread_mutex_lock(&back->queue_lock);
	}
	pthread_mutex_unlock(&back->queue_lock);
	return NULL;
}

static int stopping(const struct back *back)
{
	return __atomic_load_n(&back->stopping, __ATOMIC_ACQUIRE);
}

static void *poll_counter(void *context)
{
	struct back *back = context;
	uint32_t seen = __atomic_load_n(&back->page->counter, __ATOMIC_ACQUIRE);
	uint32_t spins = 0;
	int lone = back_count == 1;

	while (!stopping(back)) {
		uint32_t counter = __atomic_load_n(&back->page->counter, __ATOMIC_ACQUIRE);

		if (counter == seen) {
			if (spins < PVDRM_SPINS) {
				spins++;
				if (lone && sequential)
					__builtin_ia32_pause();
				else
					sched_yield(); /* dom0 may have one CPU: let the others have it */
				continue;
			}
			hang_look(&back->watch, &card, HANG_NS_DEFAULT);
			nap_us(IDLE_NAP_US);
			continue;
		}
		if (counter - seen > PVDRM_SLOTS) /* no front-end of ours does that */
			seen = counter - PVDRM_SLOTS;
		spins = 0;
		for (; seen != counter; seen++) {
			uint32_t slot = __atomic_load_n(&back->page->ring[seen % PVDRM_SLOTS], __ATOMIC_ACQUIRE);

			if (sequential)
				serve_slot(back, slot);
			else
				enqueue(back, slot);
		}
	}
	return NULL;
}

static void path_front(const struct back *back, const char *leaf, char *path, size_t size)
{
	snprintf(path, size, "/local/domain/%u/" PVDRM_FRONT "/%s", back->domain, leaf);
}

static unsigned int read_front(const struct back *back, const char *leaf)
{
	char path[96], *text;
	unsigned int value;

	path_front(back, leaf, path, sizeof(path));
	text = xs_read(store, XBT_NULL, path, NULL);
	value = text ? (unsigned int)strtoul(text, NULL, 10) : 0;
	free(text);
	return value;
}

static void write_state(const struct back *back, enum pvdrm_xenbus state)
{
	char path[96], text[8];

	snprintf(path, sizeof(path), "/local/domain/0/backend/vdrm/%u/0/state", back->domain);
	snprintf(text, sizeof(text), "%d", state);
	xs_write(store, XBT_NULL, path, text, (unsigned int)strlen(text));
}

static int map_grants(struct back *back)
{
	uint32_t reference = read_front(back, "counter-ref");

	back->page = xengnttab_map_grant_ref(grants, back->domain, reference, PROT_READ | PROT_WRITE);
	if (!back->page)
		return -1;
	for (unsigned int i = 0; i < PVDRM_SLOTS; i++) {
		back->slot_page[i] = xengnttab_map_grant_ref(grants, back->domain, back->page->slot[i].ref,
							     PROT_READ | PROT_WRITE);
		if (!back->slot_page[i])
			return -1;
	}
	return 0;
}

static void unmap_grants(struct back *back)
{
	for (unsigned int i = 0; i < PVDRM_SLOTS; i++)
		if (back->slot_page[i])
			xengnttab_unmap(grants, back->slot_page[i], 1);
	if (back->page)
		xengnttab_unmap(grants, back->page, 1);
	memset(back->slot_page, 0, sizeof(back->slot_page));
	back->page = NULL;
}

static void connect_front(struct back *back)
{
	if (map_grants(back)) {
		fprintf(stderr, "pvdrm-back: the grants of %s do not map\n", back->name);
		unmap_grants(back);
		return;
	}
	back->stopping = 0;
	back->queue_put = back->queue_taken = 0;
	if (!sequential)
		pthread_create(&back->worker, NULL, work, back);
	pthread_create(&back->poller, NULL, poll_counter, back);
	back->connected = 1;
	write_state(back, PVDRM_CONNECTED);
	printf("connected: %s\n", back->name);
	fflush(stdout);
}

static void disconnect_front(struct back *back)
{
	if (!back->connected)
		return;
	__atomic_store_n(&back->stopping, 1, __ATOMIC_RELEASE);
	pthread_join(back->poller, NULL);
	if (!sequential) {
		pthread_mutex_lock(&back->queue_lock);
		pthread_cond_signal(&back->queue_filled);
		pthread_mutex_unlock(&back->queue_lock);
		pthread_join(back->worker, NULL);
	}
	pthread_mutex_lock(&gem.lock);
	gem_client_gone(&gem, back->client);
	pthread_mutex_unlock(&gem.lock);
	unmap_grants(back);
	back->connected = 0;
	write_state(back, PVDRM_INIT_WAIT);
}

static void look(struct back *back)
{
	switch (read_front(back, "state")) {
	case PVDRM_INITIALISING:
		disconnect_front(back);
		if (!back->waiting)
			write_state(back, PVDRM_INIT_WAIT);
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

static int add(uint32_t client, const char *name)
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
	pthread_mutex_init(&back->queue_lock, NULL);
	pthread_cond_init(&back->queue_filled, NULL);
	back_count++;
	return 0;
}

static int all_connected(void)
{
	for (unsigned int i = 0; i < back_count; i++)
		if (!backs[i].connected)
			return 0;
	return 1;
}

/* Looks at the front-ends' states often while one is missing, and rarely once all are served. */
static void serve_store(void)
{
	while (!quit) {
		for (unsigned int i = 0; i < back_count; i++)
			look(&backs[i]);
		nap_us(all_connected() ? LOOK_RARELY_US : LOOK_OFTEN_US);
	}
}

static int open_all(void)
{
	const struct gem_mapper mapper = { .map = map_pages, .unmap = unmap_pages };

	xc = xc_interface_open(NULL, NULL, 0);
	grants = xengnttab_open(NULL, 0);
	store = xs_open(0);
	if (!xc || !grants || !store) {
		fprintf(stderr, "pvdrm-back: no access to Xen: %s\n", strerror(errno));
		return -1;
	}
	if (card_open(&card) || card_reset(&card))
		return -1;
	gem_init(&gem, &card, &mapper);
	return 0;
}

int main(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = on_signal };
	int first = 1, error = 0;

	if (argc > 1 && !strncmp(argv[1], "sequential=", 11)) {
		sequential = atoi(argv[1] + 11) != 0;
		first++;
	}
	if (argc - first < 1 || argc - first > GUESTS_MAX) {
		fprintf(stderr, "usage: pvdrm-back [sequential=0|1] DOMAIN... (1 to %d)\n", GUESTS_MAX);
		return 2;
	}
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	if (open_all())
		return 1;
	for (int i = first; !error && i < argc; i++)
		error = add((uint32_t)(i - first), argv[i]);
	if (error)
		return 1;
	printf("ready: pvdrm-back, sequential=%d\n", sequential);
	fflush(stdout);
	serve_store();
	for (unsigned int i = 0; i < back_count; i++)
		disconnect_front(&backs[i]);
	card_reset(&card);
	return 0;
}
