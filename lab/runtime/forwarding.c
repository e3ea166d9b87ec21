/*
 * forwarding: the guest has no part of the GPU; each call goes to dom0 as one message, and data is copied.
 * A mapped buffer is a copy in the guest that unmap sends and map fetches.
 */
#include "boundary.h"
#include "../protocol/forward.h"

#include <errno.h>
#include <fcntl.h>
#include <libxenvchan.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xenstore.h>

#define ANSWER_NS 70000000000ull
#define CONNECT_TRIES 100
#define OPEN_NS 4000000000ull
#define OPEN_TRIES 6

struct session {
	int lock_fd;
	struct libxenvchan *channel;
	uint64_t nonce;
	int open;
	uint64_t gpu_ns; /* of the channel, when it was last told */
};

static struct session *session_of(struct vgpu *gpu)
{
	return gpu->state;
}

static int wait_channel(struct session *session, uint64_t deadline)
{
	struct pollfd ready = { .fd = libxenvchan_fd_for_select(session->channel), .events = POLLIN };

	if (!libxenvchan_is_open(session->channel) || vgpu_now_ns() > deadline)
		return vgpu_fail(EPIPE, "the forwarder is gone, or does not answer");
	if (poll(&ready, 1, 500) > 0)
		libxenvchan_wait(session->channel);
	return 0;
}

static int send_all(struct session *session, const void *from, uint64_t bytes)
{
	uint64_t deadline = vgpu_now_ns() + ANSWER_NS;
	const uint8_t *at = from;

	while (bytes) {
		int put = libxenvchan_write(session->channel, at, bytes < FORWARD_RING_BYTES ? bytes : FORWARD_RING_BYTES);

		if (put < 0)
			return vgpu_fail(EPIPE, "the forwarder is gone");
		if (put == 0 && wait_channel(session, deadline))
			return -EPIPE;
		at += put;
		bytes -= (uint64_t)put;
	}
	return 0;
}

static int receive_all(struct session *session, void *to, uint64_t bytes)
{
	uint64_t deadline = vgpu_now_ns() + ANSWER_NS;
	uint8_t *at = to;

	while (bytes) {
		int got = libxenvchan_read(session->channel, at, bytes < FORWARD_RING_BYTES ? bytes : FORWARD_RING_BYTES);

		if (got < 0)
			return vgpu_fail(EPIPE, "the forwarder is gone");
		if (got == 0 && wait_channel(session, deadline))
			return -EPIPE;
		at += got;
		bytes -= (uint64_t)got;
	}
	return 0;
}

/* Reads up to the nonce of this session: a killed predecessor may have left replies, or the end of one. */
static int receive_open(struct session *session, struct forward_reply *reply)
{
	uint64_t deadline = vgpu_now_ns() + OPEN_NS;
	uint64_t window = 0, read = 0;

	while (read < sizeof(window) || window != session->nonce) {
		uint8_t byte;
		int got = libxenvchan_read(session->channel, &byte, 1);

		if (got < 0 || (got == 0 && wait_channel(session, deadline)))
			return -EPIPE;
		if (got > 0) {
			window = window >> 8 | (uint64_t)byte << 56;
			read++;
		}
	}
	reply->nonce = window;
	return receive_all(session, (uint8_t *)reply + sizeof(window), sizeof(*reply) - sizeof(window));
}

/* One crossing: a message, the data that goes with it, a reply, the data that comes with it. */
static int call(struct vgpu *gpu, enum crossing kind, struct forward_request *request, const void *out, void *in,
		struct forward_reply *reply)
{
	struct session *session = session_of(gpu);
	int error;

	vgpu_cross(gpu, kind);
	request->nonce = session->nonce;
	error = send_all(session, request, sizeof(*request));
	if (!error && out)
		error = send_all(session, out, request->bytes);
	if (!error)
		error = receive_all(session, reply, sizeof(*reply));
	if (error)
		return error;
	if (reply->nonce != session->nonce)
		return vgpu_fail(EPROTO, "the forwarder answers someone else");
	if (reply->result)
		return vgpu_fail(-reply->result, "the forwarder refuses the call: %s", strerror(-reply->result));
	return in ? receive_all(session, in, request->bytes) : 0;
}

static int own_domain(void)
{
	struct xs_handle *xs = xs_open(0);
	char *text = xs ? xs_read(xs, XBT_NULL, "domid", NULL) : NULL;
	int domain = text ? atoi(text) : -1;

	free(text);
	if (xs)
		xs_close(xs);
	return domain;
}

static int connect_forwarder(struct session *session)
{
	int domain = own_domain();
	char path[64];

	if (domain < 0)
		return vgpu_fail(ENODEV, "not a guest: xenstore tells no domid");
	snprintf(path, sizeof(path), FORWARD_PATH, (unsigned int)domain);
	for (int tries = 0; !session->channel && tries < CONNECT_TRIES; tries++) {
		session->channel = libxenvchan_client_init(NULL, 0, path);
		if (!session->channel)
			usleep(20000);
	}
	if (!session->channel)
		return vgpu_fail(ENODEV, "no forwarder for this guest");
	session->channel->blocking = 0;
	return 0;
}

static int open_session(struct vgpu *gpu)
{
	struct session *session = gpu->state;
	struct forward_request request = { .op = FORWARD_OPEN };
	struct forward_reply reply;
	int error;

	session->nonce = vgpu_now_ns() ^ (uint64_t)getpid() << 40;
	request.nonce = session->nonce;
	vgpu_cross(gpu, CROSS_CALL_OPEN);
	error = send_all(session, &request, sizeof(request));
	if (!error)
		error = receive_open(session, &reply);
	if (!error && reply.result)
		return vgpu_fail(-reply.result, "the forwarder refuses to open: %s", strerror(-reply.result));
	session->open = !error;
	return error;
}

/* A predecessor that was killed amid a copy leaves the forwarder waiting for its rest: reconnecting tells it. */
static int connect_and_open(struct vgpu *gpu)
{
	struct session *session = gpu->state;
	int error = -EPIPE;

	for (int tries = 0; error == -EPIPE && tries < OPEN_TRIES; tries++) {
		error = connect_forwarder(session);
		if (!error)
			error = open_session(gpu);
		if (error != -EPIPE)
			break;
		libxenvchan_close(session->channel);
		session->channel = NULL;
		usleep(700000);
	}
	return error;
}

static int forwarding_open(struct vgpu *gpu)
{
	struct session *session = calloc(1, sizeof(*session));

	if (!session)
		return vgpu_fail(ENOMEM, "out of memory");
	gpu->state = session;
	mkdir(VGPU_RUN, 0755);
	session->lock_fd = open(VGPU_RUN "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	if (session->lock_fd < 0 || flock(session->lock_fd, LOCK_EX) < 0)
		return vgpu_fail(errno, VGPU_RUN "/lock: %s", strerror(errno));
	return connect_and_open(gpu);
}

static void forwarding_close(struct vgpu *gpu)
{
	struct session *session = session_of(gpu);
	struct forward_request request = { .op = FORWARD_CLOSE };
	struct forward_reply reply;

	if (!session)
		return;
	if (session->open)
		call(gpu, CROSS_CALL_CLOSE, &request, NULL, NULL, &reply);
	if (session->channel)
		libxenvchan_close(session->channel);
	if (session->lock_fd > 0)
		close(session->lock_fd);
	free(session);
	gpu->state = NULL;
}

static int forwarding_alloc(struct vgpu *gpu, struct vgpu_buffer *buffer)
{
	struct forward_request request = { .op = FORWARD_ALLOC, .bytes = buffer->bytes,
					   .gart = buffer->domain == VGPU_GART };
	struct forward_reply reply;
	int error = call(gpu, CROSS_CALL_ALLOC, &request, NULL, NULL, &reply);

	if (error)
		return error;
	buffer->handle = reply.handle;
	buffer->address = reply.address;
	return 0;
}

static void forwarding_free(struct vgpu *gpu, struct vgpu_buffer *buffer)
{
	struct forward_request request = { .op = FORWARD_FREE, .handle = buffer->handle };
	struct forward_reply reply;

	free(buffer->data);
	call(gpu, CROSS_CALL_FREE, &request, NULL, NULL, &reply);
}

static int forwarding_copy_to(struct vgpu *gpu, struct vgpu_buffer *to, const void *from, uint64_t bytes)
{
	struct forward_request request = { .op = FORWARD_HTOD, .handle = to->handle, .bytes = bytes };
	struct forward_reply reply;

	return call(gpu, CROSS_CALL_HTOD, &request, from, NULL, &reply);
}

static int forwarding_copy_from(struct vgpu *gpu, void *to, struct vgpu_buffer *from, uint64_t bytes)
{
	struct forward_request request = { .op = FORWARD_DTOH, .handle = from->handle, .bytes = bytes };
	struct forward_reply reply;

	return call(gpu, CROSS_CALL_DTOH, &request, NULL, to, &reply);
}

static int forwarding_map(struct vgpu *gpu, struct vgpu_buffer *buffer)
{
	if (!buffer->data)
		buffer->data = malloc(buffer->bytes);
	if (!buffer->data)
		return vgpu_fail(ENOMEM, "out of memory");
	return forwarding_copy_from(gpu, buffer->data, buffer, buffer->bytes);
}

static int forwarding_unmap(struct vgpu *gpu, struct vgpu_buffer *buffer)
{
	return buffer->data ? forwarding_copy_to(gpu, buffer, buffer->data, buffer->bytes) : 0;
}

static int forwarding_launch(struct vgpu *gpu, const struct vgpu_command *command)
{
	struct forward_request request = { .op = FORWARD_LAUNCH };
	struct forward_reply reply;

	memcpy(request.command, command, command->header.bytes);
	return call(gpu, CROSS_CALL_LAUNCH, &request, NULL, NULL, &reply);
}

static int forwarding_wait(struct vgpu *gpu)
{
	struct session *session = session_of(gpu);
	struct forward_request request = { .op = FORWARD_WAIT };
	struct forward_reply reply = { 0 };
	int error = call(gpu, CROSS_CALL_WAIT, &request, NULL, NULL, &reply);

	if (reply.gpu_ns > session->gpu_ns)
		gpu->usage.gpu_ns += reply.gpu_ns - session->gpu_ns;
	session->gpu_ns = reply.gpu_ns;
	if (error && reply.fault)
		return vgpu_fail(EFAULT, "the GPU refused a command, or was stopped: fault %llu",
				 (unsigned long long)reply.fault);
	return error;
}

const struct boundary boundary_forwarding = {
	.mode = "forwarding",
	.open = forwarding_open,
	.close = forwarding_close,
	.alloc = forwarding_alloc,
	.free = forwarding_free,
	.map = forwarding_map,
	.unmap = forwarding_unmap,
	.copy_to = forwarding_copy_to,
	.copy_from = forwarding_copy_from,
	.launch = forwarding_launch,
	.wait = forwarding_wait,
};
