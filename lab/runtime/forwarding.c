/*
 * forwarding: the guest has no part of the GPU; each call goes to dom0 as one message, and data is copied. A
 * mapped buffer is a copy in the guest that unmap sends and map fetches.
 */
#include "session.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int forwarding_open(struct vgpu *gpu)
{
	struct session *session = calloc(1, sizeof(*session));

	if (!session)
		return vgpu_fail(ENOMEM, "out of memory");
	gpu->state = session;
	session->lock_fd = device_lock();
	return session->lock_fd < 0 ? session->lock_fd : session_open(gpu);
}

static void forwarding_close(struct vgpu *gpu)
{
	struct session *session = session_of(gpu);

	if (!session)
		return;
	session_close(gpu);
	if (session->lock_fd >= 0)
		close(session->lock_fd);
	free(session);
	gpu->state = NULL;
}

static int forwarding_alloc(struct vgpu *gpu, struct vgpu_buffer *buffer)
{
	struct forward_request request = { .op = FORWARD_ALLOC, .bytes = buffer->bytes,
					   .gart = buffer->domain == VGPU_GART };
	struct forward_reply reply;
	int error = session_call(gpu, &request, NULL, NULL, &reply);

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
	session_call(gpu, &request, NULL, NULL, &reply);
}

static int forwarding_copy_to(struct vgpu *gpu, struct vgpu_buffer *to, const void *from, uint64_t bytes)
{
	struct forward_request request = { .op = FORWARD_HTOD, .handle = to->handle, .bytes = bytes };
	struct forward_reply reply;

	return session_call(gpu, &request, from, NULL, &reply);
}

static int forwarding_copy_from(struct vgpu *gpu, void *to, struct vgpu_buffer *from, uint64_t bytes)
{
	struct forward_request request = { .op = FORWARD_DTOH, .handle = from->handle, .bytes = bytes };
	struct forward_reply reply;

	return session_call(gpu, &request, NULL, to, &reply);
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
	return session_call(gpu, &request, NULL, NULL, &reply);
}

static int forwarding_wait(struct vgpu *gpu)
{
	struct session *session = session_of(gpu);
	struct forward_request request = { .op = FORWARD_WAIT };
	struct forward_reply reply = { 0 };
	int error = session_call(gpu, &request, NULL, NULL, &reply);

	if (reply.gpu_ns > session->gpu_ns)
		gpu->usage.gpu_ns += reply.gpu_ns - session->gpu_ns;
	session->gpu_ns = reply.gpu_ns;
	if (!error)
		gpu->usage.gpu_launches = reply.launches;
	if (error && reply.fault)
		return vgpu_fail(EFAULT, "the GPU refused a command, or was stopped: fault %u", reply.fault);
	return error;
}

static const struct boundary_ops forwarding_ops = {
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

const struct boundary boundary_forwarding = { .mode = "forwarding", .open = forwarding_open, .ops = &forwarding_ops };
