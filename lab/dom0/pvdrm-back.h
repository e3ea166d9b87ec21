/* pvdrm-back's view of one front-end: its granted pages, and the threads that serve its requests. */
#ifndef VGPU_PVDRM_BACK_H
#define VGPU_PVDRM_BACK_H

#include "hang.h"
#include "pvdrm-serve.h"

#include <xengnttab.h>
#include <xenstore.h>

struct back {
	uint32_t domain;
	uint32_t client;
	const char *name;
	struct crossings *counters;
	struct pvdrm_page *page;
	uint8_t *slot_page[PVDRM_SLOTS];
	int connected;
	int waiting; /* announced in xenstore */

	struct gem *gem;
	int sequential; /* 0: requests go through an ordered queue */
	int alone;      /* no other front-end is polled */
	int rests;      /* once nothing is asked for a while, it gives way and looks more rarely */
	uint32_t seen;  /* requests taken from the ring so far */
	pthread_t poller, worker;
	int stopping;
	pthread_mutex_t queue_lock;
	pthread_cond_t queue_filled;
	uint32_t queue[PVDRM_SLOTS];
	uint32_t queue_put, queue_taken;
	struct hang_watch watch;
};

/* pvdrm-poll.c: a thread that polls the counter page, and one that works off its requests. */
void back_poll_start(struct back *back);
void back_poll_stop(struct back *back);

/* pvdrm-xenbus.c: what front-end and back-end write for each other in xenstore, and the grants named there. */
/* Makes watch_wait() report its state. 0, or -1 with errno. */
int front_watch(int watch, const struct back *back);
unsigned int front_read(struct xs_handle *store, const struct back *back, const char *leaf);
void back_state_write(struct xs_handle *store, const struct back *back, enum pvdrm_xenbus state);
int back_map_grants(struct back *back, struct xs_handle *store, xengnttab_handle *grants);
void back_unmap_grants(struct back *back, xengnttab_handle *grants);

#endif
