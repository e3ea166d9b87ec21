/*
 * xenstore, between dom0 and its guests, for guests that can't be reached while asleep: below a guest's own
 * `data`, dom0 writes `wake`, "STEP SEED", which the guest reads as soon as it runs; the guest writes
 * `awake`, as on the line. STEP is the total number of ns by which dom0's clock was set, so that a guest may
 * miss one.
 */
#ifndef VGPU_STORE_H
#define VGPU_STORE_H

#include "awake.h"

#include <xenstore.h>

/* In dom0, once it was woken: every guest must wake. */
void store_wake_guests(struct xs_handle *store, int64_t total_ns);

/* In dom0: a seed for each new guest when it appears. Returns when it can't continue. */
int store_serve_new_guests(struct xs_handle *store);

/* In a guest: wakes whenever told to; or for the first time only, which uses a seed and leaves the clock. */
int store_serve_guest(struct xs_handle *store, int once);

#endif
