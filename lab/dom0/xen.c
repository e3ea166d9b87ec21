#include "xen.h"

#include <errno.h>

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
