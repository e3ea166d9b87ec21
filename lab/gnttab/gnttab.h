/* The hypercalls with which a guest maps pages that another domain has granted to it, as in
   <xen/grant_table.h>. */
#ifndef VGPU_GNTTAB_H
#define VGPU_GNTTAB_H

#include <stdint.h>

enum gnttab_op { GNTTAB_MAP = 0, GNTTAB_UNMAP = 1 };
#define GNTTAB_HOST_MAP 2u /* for the CPU; in a translated guest, at a guest-physical address */

struct gnttab_map {
	uint64_t address;
	uint32_t flags;
	uint32_t ref;
	uint16_t domain;
	int16_t status; /* 0: it is mapped */
	uint32_t handle;
	uint64_t bus_address;
};

struct gnttab_unmap {
	uint64_t address;
	uint64_t bus_address;
	uint32_t handle;
	int16_t status;
};

/* A descriptor for gnttab_call(), or -1 with errno. */
int gnttab_open(void);

/* One hypercall for `count` maps or unmaps, each of which has its own status. 0, or -1 with errno. */
int gnttab_call(int fd, enum gnttab_op op, void *each, uint32_t count);

#endif
