#include "domains.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAUSES_MAX 256 /* Xen counts no further */

static void name_read(struct domain *domain, struct xs_handle *store)
{
	char path[64];
	char *name;

	snprintf(path, sizeof(path), "/local/domain/%u/name", domain->id);
	name = xs_read(store, XBT_NULL, path, NULL);
	snprintf(domain->name, sizeof(domain->name), "%s", name ? name : "");
	free(name);
}

int domains_read(struct domains *domains, xc_interface *xc, struct xs_handle *store)
{
	xc_domaininfo_t found[DOMAINS_MAX];
	int count = xc_domain_getinfolist(xc, 1, DOMAINS_MAX, found);

	domains->count = 0;
	for (int i = 0; i < count; i++) {
		struct domain *domain = &domains->domain[domains->count];

		if (found[i].flags & XEN_DOMINF_dying)
			continue;
		domain->id = found[i].domain;
		domain->paused = (found[i].flags & XEN_DOMINF_paused) != 0;
		name_read(domain, store);
		domains->count++;
	}
	return count < 0 ? -1 : 0;
}

struct domain *domain_named(struct domains *domains, const char *name)
{
	for (unsigned int i = 0; i < domains->count; i++)
		if (!strcmp(domains->domain[i].name, name))
			return &domains->domain[i];
	return NULL;
}

int domain_pause(xc_interface *xc, struct domain *domain)
{
	if (!domain->paused && xc_domain_pause(xc, domain->id))
		return -1;
	domain->paused = 1;
	return 0;
}

int domain_unpause(xc_interface *xc, struct domain *domain)
{
	xc_domaininfo_t now;

	for (int i = 0; domain->paused && i < PAUSES_MAX; i++) {
		if (xc_domain_unpause(xc, domain->id) || xc_domain_getinfolist(xc, domain->id, 1, &now) != 1)
			return -1;
		domain->paused = now.domain == domain->id && now.flags & XEN_DOMINF_paused;
	}
	return 0;
}

int domain_find(const char *name)
{
	struct xs_handle *store;
	struct domain *domain;
	struct domains domains;
	xc_interface *xc;
	char *end;
	long number = strtol(name, &end, 10);
	int found = -1;

	if (*name && !*end)
		return number > 0 && number < DOMID_FIRST_RESERVED ? (int)number : -1;
	store = xs_open(0);
	xc = xc_interface_open(NULL, NULL, 0);
	if (store && xc && !domains_read(&domains, xc, store)) {
		domain = domain_named(&domains, name);
		found = domain ? (int)domain->id : -1;
	}
	if (xc)
		xc_interface_close(xc);
	if (store)
		xs_close(store);
	return found;
}
