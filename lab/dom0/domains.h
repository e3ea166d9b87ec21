/* The existing guests, according to Xen and xenstore at one moment. */
#ifndef VGPU_DOMAINS_H
#define VGPU_DOMAINS_H

#include "xen.h"

#include <xenstore.h>

#define DOMAINS_MAX 32
#define DOMAIN_NAME_BYTES 64

struct domain {
	uint32_t id;
	int paused;
	char name[DOMAIN_NAME_BYTES];
};

struct domains {
	unsigned int count;
	struct domain domain[DOMAINS_MAX]; /* without dom0, and without dying ones */
};

/* 0, or -1 with errno. */
int domains_read(struct domains *domains, xc_interface *xc, struct xs_handle *store);
/* NULL if there is none of that name. */
struct domain *domain_named(struct domains *domains, const char *name);

/* Both can be repeated: Xen counts pauses, and a guest runs once as many are undone. 0, or -1 with errno. */
int domain_pause(xc_interface *xc, struct domain *domain);
int domain_unpause(xc_interface *xc, struct domain *domain);

/* For programs that serve one: a domain id from a name ("g1") or a number; -1 if there is none. */
int domain_find(const char *name);

#endif
