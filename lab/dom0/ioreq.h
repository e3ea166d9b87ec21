/* An IOREQ server: Xen passes it a guest's accesses to a range, one by one, and waits for the answer. */
#ifndef VGPU_IOREQ_H
#define VGPU_IOREQ_H

#include "xen.h"
#include <xen/hvm/dm_op.h>
#include <xen/hvm/ioreq.h>
#include <xendevicemodel.h>
#include <xenevtchn.h>
#include <xenforeignmemory.h>

struct ioreq_server {
	xendevicemodel_handle *model;
	xenforeignmemory_handle *memory;
	xenforeignmemory_resource_handle *resource;
	xenevtchn_handle *events;
	shared_iopage_t *page;
	domid_t domain;
	ioservid_t id;
	int ready; /* the server exists in Xen */
	evtchn_port_t port;
	uint64_t first, last;
};

typedef uint64_t (*ioreq_read_fn)(void *context, uint64_t address, unsigned int size);
typedef void (*ioreq_write_fn)(void *context, uint64_t address, unsigned int size, uint64_t value);

/* Claims [first, last] of the guest's physical addresses; pages mapped there still don't trap. */
int ioreq_open(struct ioreq_server *server, uint32_t domain, uint64_t first, uint64_t last);
void ioreq_close(struct ioreq_server *server);
int ioreq_fd(const struct ioreq_server *server);
/* Answers pending requests. */
void ioreq_serve(struct ioreq_server *server, ioreq_read_fn read, ioreq_write_fn write, void *context);

#endif
