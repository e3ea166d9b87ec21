#include "xen.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xenstore.h>

int guest_map(xc_interface *xc, uint32_t domain, uint64_t gfn, uint64_t frame, uint64_t pages)
{
	if (xc_domain_iomem_permission(xc, domain, frame, pages, 1))
		return -errno;
	if (xc_domain_memory_mapping(xc, domain, gfn, frame, pages, DPCI_ADD_MAPPING))
		return -errno;
	return 0;
}

int guest_unmap(xc_interface *xc, uint32_t domain, uint64_t gfn, uint64_t frame, uint64_t pages)
{
	int error = 0;

	if (xc_domain_memory_mapping(xc, domain, gfn, frame, pages, DPCI_REMOVE_MAPPING))
		error = -errno;
	if (xc_domain_iomem_permission(xc, domain, frame, pages, 0))
		error = -errno;
	return error;
}

static int has_name(struct xs_handle *xs, const char *id, const char *wanted)
{
	char path[64];
	char *name;
	int same;

	snprintf(path, sizeof(path), "/local/domain/%s/name", id);
	name = xs_read(xs, XBT_NULL, path, NULL);
	same = name && !strcmp(name, wanted);
	free(name);
	return same;
}

int domain_find(const char *name)
{
	struct xs_handle *xs;
	unsigned int count = 0;
	char **ids, *end;
	long number = strtol(name, &end, 10);
	int found = -1;

	if (*name && !*end)
		return number > 0 && number < DOMID_FIRST_RESERVED ? (int)number : -1;
	xs = xs_open(0);
	if (!xs)
		return -1;
	ids = xs_directory(xs, XBT_NULL, "/local/domain", &count);
	for (unsigned int i = 0; ids && i < count; i++)
		if (has_name(xs, ids[i], name))
			found = atoi(ids[i]);
	free(ids);
	xs_close(xs);
	return found;
}
