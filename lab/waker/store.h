/*
 * xenstore, between dom0 and its guests, for who can't be reached while it sleeps: below a guest's own `data`, dom0
 * writes `wake`, "STEP SEED", which the guest reads as soon as it runs; the guest writes `awake`, as on the line.
 * STEP is by how many ns dom0's clock was set in all, so that a guest may miss one.
 */
#ifndef VGPU_STORE_H
#define VGPU_STORE_H

#include "awake.h"

#include <xenstore.h>

/* dom0, once it was woken: every guest is to wake. */
void store_wake_guests(struct xs_handle *store, int64_t total_ns);

/* dom0: a seed for each new guest when it comes. Returns when it can't go on. */
int store_serve_new_guests(struct xs_handle *store);

/* A guest: wakes whenever it is told to; or for the first time only, which takes a seed and leaves the clock. */
int store_serve_guest(struct xs_handle *store, int once);

#endif
