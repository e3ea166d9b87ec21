/* Switches from one boundary to the next. Guests are paused meanwhile. */
#ifndef VGPU_SWITCH_H
#define VGPU_SWITCH_H

#include "card.h"
#include "domains.h"
#include "kinds.h"

struct dom0 {
	xc_interface *xc;
	struct xs_handle *store;
	struct card card;
	struct domains domains;
};

/* What is to be set up. Lists end with NULL. */
struct wish {
	const struct kind *kind; /* NULL: none */
	char **options;
	char **guests;
};

/* Takes down what is recorded, and resets the GPU. 0, or prints the reason and returns -1. */
int switch_leave(struct dom0 *dom0);
/* After switch_leave(). 0, or prints the reason and returns -1: something may then be left to take down. */
int switch_enter(struct dom0 *dom0, const struct wish *wish);

#endif
