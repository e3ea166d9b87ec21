#include "pvdrm-back.h"

#include <sched.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <time.h>

/* Polls before everything else in dom0 comes first: fewer if each is a yield, a system call, than if it is a
   pause. */
#define EAGER_PAUSES 10000u
#define EAGER_YIELDS 300u
#define IDLE_NAP_US 50
/* The module's sleep, as long as there are no requests. */
#define RESTLESS_NAP_NS 20
/* Naps until a front-end counts as at rest: 0.36 s under TCG, longer than from one run of a workload to the
   next. */
#define REST_NAPS 2000
/* Consecutive short naps take a third of dom0's one CPU from everything else in it. */
#define REST_NAP_US 2000

static void serve_slot(struct back *back, uint32_t slot)
{
	if (slot >= PVDRM_SLOTS)
		return;
	pvdrm_serve(back->gem, back->client, back->counters, &back->page->slot[slot], back->slot_page[slot]);
}

static void enqueue(struct back *back, uint32_t slot)
{
	pthread_mutex_lock(&back->queue_lock);
	if (back->queue_put - back->queue_taken < PVDRM_SLOTS)
		back->queue[back->queue_put++ % PVDRM_SLOTS] = slot;
	pthread_mutex_unlock(&back->queue_lock);
	/* Once unlocked: otherwise the worker takes the CPU at once, only to wait for the lock. */
	pthread_cond_signal(&back->queue_filled);
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

/* How long there were no requests: spins at first, then short naps, then long ones. */
struct idleness {
	uint32_t spins;
	uint32_t naps;
	int last; /* it only runs when nothing else does */
};

/*
 * After a while without requests, everything else in dom0 comes first: otherwise the work of dom0 between
 * runs would take several times as long. Not while requests come: they are served with an equal share,
 * whatever else dom0 has to do.
 */
static void give_way(struct idleness *idleness, int last)
{
	const struct sched_param none = { 0 };

	if (idleness->last != last && !pthread_setschedparam(pthread_self(), last ? SCHED_IDLE : SCHED_OTHER, &none))
		idleness->last = last;
}

static void idle(struct back *back, struct idleness *idleness)
{
	if (idleness->spins < PVDRM_SPINS) {
		if (idleness->spins++ == (back->alone ? EAGER_PAUSES : EAGER_YIELDS) && back->rests)
			give_way(idleness, 1);
		if (back->alone)
			__builtin_ia32_pause();
		else
			sched_yield(); /* dom0 may have one CPU: let the other pollers have it */
		return;
	}
	hang_look(&back->watch, back->gem->card, HANG_NS_DEFAULT);
	if (!back->rests) {
		nanosleep(&(struct timespec){ .tv_nsec = RESTLESS_NAP_NS }, NULL);
		return;
	}
	if (idleness->naps < REST_NAPS)
		idleness->naps++;
	nap_us(idleness->naps < REST_NAPS ? IDLE_NAP_US : REST_NAP_US);
}

static void take_requests(struct back *back, uint32_t counter)
{
	if (counter - back->seen > PVDRM_SLOTS) /* no front-end of ours does that */
		back->seen = counter - PVDRM_SLOTS;
	for (; back->seen != counter; back->seen++) {
		uint32_t slot = __atomic_load_n(&back->page->ring[back->seen % PVDRM_SLOTS], __ATOMIC_ACQUIRE);

		if (back->sequential)
			serve_slot(back, slot);
		else
			enqueue(back, slot);
	}
}

static void *poll_counter(void *context)
{
	struct back *back = context;
	struct idleness idleness = { 0 };

	if (!back->rests)
		prctl(PR_SET_TIMERSLACK, 1);
	while (!stopping(back)) {
		uint32_t counter = __atomic_load_n(&back->page->counter, __ATOMIC_ACQUIRE);

		if (counter == back->seen) {
			idle(back, &idleness);
			continue;
		}
		give_way(&idleness, 0);
		idleness = (struct idleness){ 0 };
		take_requests(back, counter);
	}
	return NULL;
}

/*
 * dom0 may have one CPU, and the poller is on it: the worker takes it when woken. Among equals the scheduler
 * would let the poller spin for up to two ticks, because a yield is only a hint.
 */
static void worker_start(struct back *back)
{
	const struct sched_param first = { .sched_priority = 1 };

	pthread_create(&back->worker, NULL, work, back);
	if (pthread_setschedparam(back->worker, SCHED_FIFO, &first))
		fprintf(stderr, "pvdrm-back: the queue of %s has no priority over its poller\n", back->name);
}

void back_poll_start(struct back *back)
{
	back->stopping = 0;
	back->seen = __atomic_load_n(&back->page->counter, __ATOMIC_ACQUIRE);
	back->queue_put = 0;
	back->queue_taken = 0;
	if (!back->sequential)
		worker_start(back);
	pthread_create(&back->poller, NULL, poll_counter, back);
}

void back_poll_stop(struct back *back)
{
	__atomic_store_n(&back->stopping, 1, __ATOMIC_RELEASE);
	pthread_join(back->poller, NULL);
	if (back->sequential)
		return;
	pthread_mutex_lock(&back->queue_lock);
	pthread_cond_signal(&back->queue_filled);
	pthread_mutex_unlock(&back->queue_lock);
	pthread_join(back->worker, NULL);
}
