#include "gnttab.h"

#include <fcntl.h>
#include <stddef.h>
#include <sys/ioctl.h>

#include <xen/xen.h>
#include <xen/grant_table.h>
#include <xen/sys/privcmd.h>

_Static_assert(sizeof(struct gnttab_map) == sizeof(struct gnttab_map_grant_ref) &&
		       offsetof(struct gnttab_map, status) == offsetof(struct gnttab_map_grant_ref, status) &&
		       offsetof(struct gnttab_map, handle) == offsetof(struct gnttab_map_grant_ref, handle),
	       "a map is Xen's");
_Static_assert(sizeof(struct gnttab_unmap) == sizeof(struct gnttab_unmap_grant_ref) &&
		       offsetof(struct gnttab_unmap, handle) == offsetof(struct gnttab_unmap_grant_ref, handle) &&
		       offsetof(struct gnttab_unmap, status) == offsetof(struct gnttab_unmap_grant_ref, status),
	       "an unmap is Xen's");
_Static_assert(GNTTAB_MAP == GNTTABOP_map_grant_ref && GNTTAB_UNMAP == GNTTABOP_unmap_grant_ref &&
		       GNTTAB_HOST_MAP == GNTMAP_host_map,
	       "operations are Xen's");

int gnttab_open(void)
{
	return open("/dev/xen/privcmd", O_RDWR | O_CLOEXEC);
}

int gnttab_call(int fd, enum gnttab_op op, void *each, uint32_t count)
{
	privcmd_hypercall_t call = { .op = __HYPERVISOR_grant_table_op, .arg = { op, (uintptr_t)each, count } };

	return ioctl(fd, IOCTL_PRIVCMD_HYPERCALL, &call) ? -1 : 0;
}
