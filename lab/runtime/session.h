/* A program's session with the forwarder: one vchan, one nonce. */
#ifndef VGPU_SESSION_H
#define VGPU_SESSION_H

#include "boundary.h"
#include "../protocol/forward.h"
#include "../vchan/vchan.h"

struct session {
	int lock_fd;
	struct libxenvchan *channel;
	uint64_t nonce;
	int open;
	uint64_t deadline_ns; /* of what is waited for */
	uint64_t gpu_ns;      /* of the channel, when last reported */
};

static inline struct session *session_of(struct vgpu *gpu)
{
	return gpu->state;
}

/* Connects to this guest's forwarder and opens. Returns 0 or a negative errno, with a reason. */
int session_open(struct vgpu *gpu);
void session_close(struct vgpu *gpu);

/* One crossing: a message, its data, a reply, its data. */
int session_call(struct vgpu *gpu, struct forward_request *request, const void *out, void *in,
		 struct forward_reply *reply);

#endif
