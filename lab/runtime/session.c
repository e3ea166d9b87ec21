/* How a session with the forwarder begins, whatever the previous program left in the channel, and its calls. */
#include "session.h"
#include "../machine/clock.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xenstore.h>

#define ANSWER_NS 70000000000ull
#define CONNECT_TRIES 100
#define OPEN_NS 4000000000ull
#define OPEN_TRIES 6

static int wait_forwarder(void *context)
{
	struct session *session = context;

	if (!libxenvchan_is_open(session->channel) || now_ns() > session->deadline_ns)
		return -1;
	vchan_doze(session->channel, -1);
	return 0;
}

static int gone(void)
{
	return vgpu_fail(EPIPE, "the forwarder is gone, or does not answer");
}

static int send_all(struct session *session, const void *from, uint64_t bytes)
{
	session->deadline_ns = now_ns() + ANSWER_NS;
	return vchan_write_all(session->channel, from, bytes, wait_forwarder, session) ? gone() : 0;
}

static int receive_all(struct session *session, void *to, uint64_t bytes)
{
	session->deadline_ns = now_ns() + ANSWER_NS;
	return vchan_read_all(session->channel, to, bytes, wait_forwarder, session) ? gone() : 0;
}

/* Reads up to the nonce of this session: a killed predecessor may have left replies, or part of one. */
static int receive_open(struct session *session, struct forward_reply *reply)
{
	uint64_t window = 0, read = 0;

	session->deadline_ns = now_ns() + OPEN_NS;
	while (read < sizeof(window) || window != session->nonce) {
		uint8_t byte;

		if (vchan_read_all(session->channel, &byte, 1, wait_forwarder, session))
			return gone();
		window = window >> 8 | (uint64_t)byte << 56;
		read++;
	}
	reply->nonce = window;
	return receive_all(session, (uint8_t *)reply + sizeof(window), sizeof(*reply) - sizeof(window));
}

int session_call(struct vgpu *gpu, struct forward_request *request, const void *out, void *in,
		 struct forward_reply *reply)
{
	struct session *session = session_of(gpu);
	int error;

	vgpu_cross(gpu, forward_crossing[request->op]);
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

static int greet(struct vgpu *gpu)
{
	struct session *session = gpu->state;
	struct forward_request request = { .op = FORWARD_OPEN };
	struct forward_reply reply;
	int error;

	session->nonce = now_ns() ^ (uint64_t)getpid() << 40;
	request.nonce = session->nonce;
	vgpu_cross(gpu, forward_crossing[request.op]);
	error = send_all(session, &request, sizeof(request));
	if (!error)
		error = receive_open(session, &reply);
	if (!error && reply.result)
		return vgpu_fail(-reply.result, "the forwarder refuses to open: %s", strerror(-reply.result));
	session->open = !error;
	return error;
}

/* A predecessor that was killed during a copy leaves the forwarder waiting for the rest: reconnecting ends
   that. */
int session_open(struct vgpu *gpu)
{
	struct session *session = gpu->state;
	int error = -EPIPE;

	for (int tries = 0; error == -EPIPE && tries < OPEN_TRIES; tries++) {
		error = connect_forwarder(session);
		if (!error)
			error = greet(gpu);
		if (error != -EPIPE)
			break;
		libxenvchan_close(session->channel);
		session->channel = NULL;
		usleep(700000);
	}
	return error;
}

void session_close(struct vgpu *gpu)
{
	struct session *session = session_of(gpu);
	struct forward_request request = { .op = FORWARD_CLOSE };
	struct forward_reply reply;

	if (session->open)
		session_call(gpu, &request, NULL, NULL, &reply);
	if (session->channel)
		libxenvchan_close(session->channel);
}
