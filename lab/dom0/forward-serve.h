/* The forwarder's half of a call: from a guest's message to a call on its objects. No Xen in here. */
#ifndef VGPU_FORWARD_SERVE_H
#define VGPU_FORWARD_SERVE_H

#include "gem.h"
#include "hang.h"
#include "../protocol/crossings.h"
#include "../protocol/forward.h"

struct forward_client {
	struct gem *gem;
	uint32_t client;
	struct crossings *counters;
	uint32_t file; /* 0: not open */
	uint32_t channel;
	struct gem_info fence;
	uint64_t submitted;
	uint64_t hang_ns;
	struct hang_watch watch;
};

/*
 * Serves one message. If it comes with data, `*data` is where it must be read to (htod) or written from
 * (dtoh), `request->bytes` of it; otherwise NULL.
 */
void forward_serve(struct forward_client *client, const struct forward_request *request, struct forward_reply *reply,
		   uint8_t **data);

/* The guest's program is gone, with or without a CLOSE. */
void forward_gone(struct forward_client *client);

#endif
