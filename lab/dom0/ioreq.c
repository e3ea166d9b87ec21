#include "ioreq.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#define MMIO 1
#define IOREQ_FRAME XENMEM_resource_ioreq_server_frame_ioreq(0)

static int complain(const char *what)
{
	fprintf(stderr, "ioreq: %s: %s\n", what, strerror(errno));
	return -1;
}

static int open_handles(struct ioreq_server *server)
{
	server->model = xendevicemodel_open(NULL, 0);
	server->memory = xenforeignmemory_open(NULL, 0);
	server->events = xenevtchn_open(NULL, 0);
	return server->model && server->memory && server->events ? 0 : complain("no access to Xen");
}

static int listen_on(struct ioreq_server *server)
{
	void *page = NULL;

	server->resource = xenforeignmemory_map_resource(server->memory, server->domain, XENMEM_resource_ioreq_server,
							 server->id, IOREQ_FRAME, 1, &page, PROT_READ | PROT_WRITE, 0);
	if (!server->resource)
		return complain("mapping the request page");
	server->page = page;
	if (xendevicemodel_map_io_range_to_ioreq_server(server->model, server->domain, server->id, MMIO, server->first,
							server->last))
		return complain("claiming the range");
	if (xendevicemodel_set_ioreq_server_state(server->model, server->domain, server->id, 1))
		return complain("starting the server");
	server->port = (evtchn_port_t)xenevtchn_bind_interdomain(server->events, server->domain,
								 server->page->vcpu_ioreq[0].vp_eport);
	return (int)server->port < 0 ? complain("binding the event channel") : 0;
}

int ioreq_open(struct ioreq_server *server, uint32_t domain, uint64_t first, uint64_t last)
{
	memset(server, 0, sizeof(*server));
	server->domain = (domid_t)domain;
	server->first = first;
	server->last = last;
	if (open_handles(server))
		return -1;
	if (xendevicemodel_create_ioreq_server(server->model, server->domain, HVM_IOREQSRV_BUFIOREQ_OFF, &server->id))
		return complain("creating the server");
	server->ready = 1;
	return listen_on(server);
}

void ioreq_close(struct ioreq_server *server)
{
	if (server->resource)
		xenforeignmemory_unmap_resource(server->memory, server->resource);
	if (server->ready)
		xendevicemodel_destroy_ioreq_server(server->model, server->domain, server->id);
	if (server->events)
		xenevtchn_close(server->events);
	if (server->memory)
		xenforeignmemory_close(server->memory);
	if (server->model)
		xendevicemodel_close(server->model);
	memset(server, 0, sizeof(*server));
}

int ioreq_fd(const struct ioreq_server *server)
{
	return xenevtchn_fd(server->events);
}

struct access {
	ioreq_read_fn read;
	ioreq_write_fn write;
	void *context;
};

/* A string instruction: the data is in the guest's memory, `count` pieces of it. */
static void serve_string(struct ioreq_server *server, const ioreq_t *request, const struct access *access)
{
	int64_t step = request->df ? -(int64_t)request->size : (int64_t)request->size;

	for (uint32_t i = 0; i < request->count; i++) {
		uint64_t at = request->data + (uint64_t)(step * (int64_t)i);
		uint64_t device = request->addr + (uint64_t)(step * (int64_t)i);
		xen_pfn_t frame = at >> XC_PAGE_SHIFT;
		uint64_t within = at & (XC_PAGE_SIZE - 1);
		uint64_t value = 0;
		uint8_t *page;

		if (within + request->size > XC_PAGE_SIZE)
			return;
		page = xenforeignmemory_map(server->memory, server->domain, PROT_READ | PROT_WRITE, 1, &frame, NULL);
		if (!page)
			return;
		if (request->dir == IOREQ_READ) {
			value = access->read(access->context, device, request->size);
			memcpy(page + within, &value, request->size);
		} else {
			memcpy(&value, page + within, request->size);
			access->write(access->context, device, request->size, value);
		}
		xenforeignmemory_unmap(server->memory, page, 1);
	}
}

static void serve_one(struct ioreq_server *server, ioreq_t *request, const struct access *access)
{
	if (request->type == IOREQ_TYPE_INVALIDATE) /* nothing is cached here, but the guest waits for the answer */
		return;
	if (request->type != IOREQ_TYPE_COPY || request->size > 8) {
		if (request->dir == IOREQ_READ)
			request->data = UINT64_MAX;
		return;
	}
	if (request->data_is_ptr)
		serve_string(server, request, access);
	else if (request->dir == IOREQ_READ)
		request->data = access->read(access->context, request->addr, request->size);
	else
		access->write(access->context, request->addr, request->size, request->data);
}

void ioreq_serve(struct ioreq_server *server, ioreq_read_fn read, ioreq_write_fn write, void *context)
{
	const struct access access = { .read = read, .write = write, .context = context };
	ioreq_t *request = &server->page->vcpu_ioreq[0];
	evtchn_port_t port = (evtchn_port_t)xenevtchn_pending(server->events);

	if ((int)port < 0)
		return;
	xenevtchn_unmask(server->events, port);
	if (request->state != STATE_IOREQ_READY)
		return;
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	request->state = STATE_IOREQ_INPROCESS;
	serve_one(server, request, &access);
	__atomic_thread_fence(__ATOMIC_RELEASE);
	request->state = STATE_IORESP_READY;
	xenevtchn_notify(server->events, port);
}
