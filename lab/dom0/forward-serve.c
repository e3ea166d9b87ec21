#include "forward-serve.h"

#include <errno.h>
#include <string.h>

#define FENCE_SPINS 2000u
#define WAIT_MAX_NS 60000000000ull

static int close_session(struct forward_client *c)
{
	int error = c->file ? gem_file_close(c->gem, c->client, c->file) : -EBADF;

	c->file = 0;
	return error;
}

static int open_session(struct forward_client *c)
{
	int error;

	if (c->file) /* one program at a time has the GPU: the previous one was killed */
		close_session(c);
	error = gem_file_open(c->gem, c->client, &c->file);
	if (!error)
		error = gem_channel_alloc(c->gem, c->client, c->file, &c->channel);
	if (!error)
		error = gem_new(c->gem, c->client, c->file, VGPU_PAGE, 1, &c->fence);
	c->submitted = 0;
	if (!error)
		memset(card_at(c->gem->card, c->fence.address, VGPU_PAGE), 0, VGPU_PAGE);
	return error;
}

static int alloc(struct forward_client *c, const struct forward_request *request, struct forward_reply *reply)
{
	struct gem_info info = { 0 };
	int error = gem_new(c->gem, c->client, c->file, request->bytes, request->gart != 0, &info);

	reply->handle = info.handle;
	reply->address = info.address;
	return error;
}

static int release(struct forward_client *c, uint32_t handle)
{
	return handle == c->fence.handle ? -EPERM : gem_close(c->gem, c->client, c->file, handle);
}

static int transfer(struct forward_client *c, const struct forward_request *request, uint8_t **data)
{
	struct gem_info info;
	int error = gem_info(c->gem, c->client, c->file, request->handle, &info);

	if (error)
		return error;
	if (request->bytes > info.bytes || request->handle == c->fence.handle)
		return -EINVAL;
	*data = card_at(c->gem->card, info.address, info.bytes);
	return 0;
}

static int launch(struct forward_client *c, const struct forward_request *request)
{
	struct vgpu_header membar = { .opcode = VGPU_MEMBAR, .bytes = sizeof(membar) };
	struct vgpu_command fence = {
		.header = { .opcode = VGPU_FENCE, .bytes = sizeof(fence.header) + sizeof(fence.fence) },
		.fence = { .address = c->fence.address, .seq = c->submitted + 1 },
	};
	struct vgpu_header header;
	uint8_t batch[sizeof(membar) + VGPU_COMMAND_MAX + sizeof(fence)];
	uint32_t bytes = 0;

	memcpy(&header, request->command, sizeof(header));
	if (header.bytes < sizeof(header) || header.bytes > VGPU_COMMAND_MAX)
		return -EINVAL;
	memcpy(batch, &membar, sizeof(membar));
	bytes += sizeof(membar);
	memcpy(batch + bytes, request->command, header.bytes);
	bytes += header.bytes;
	memcpy(batch + bytes, &fence, fence.header.bytes);
	bytes += fence.header.bytes;
	if (gem_pushbuf(c->gem, c->client, c->file, batch, bytes))
		return -EINVAL;
	c->submitted++;
	return 0;
}

/* Without the lock: others are served while this guest's kernel runs. */
static int wait_idle(struct forward_client *c, struct forward_reply *reply)
{
	const volatile struct vgpu_fence *fence =
		(const volatile struct vgpu_fence *)card_at(c->gem->card, c->fence.address, VGPU_PAGE);
	uint64_t deadline = now_ns() + WAIT_MAX_NS;

	if (!c->file)
		return -EBADF;
	for (uint64_t polls = 0; __atomic_load_n(&fence->seq, __ATOMIC_ACQUIRE) != c->submitted; polls++) {
		if (polls < FENCE_SPINS)
			continue;
		if (now_ns() > deadline)
			return -ETIMEDOUT;
		hang_look(&c->watch, c->gem->card, c->hang_ns);
		nap_us(20);
	}
	reply->gpu_ns = card_channel(c->gem->card, c->channel)->busy_ns;
	reply->launches = (uint32_t)card_channel(c->gem->card, c->channel)->launches;
	reply->fault = VGPU_FENCE_FAULT(fence->status);
	return reply->fault && c->submitted ? -EFAULT : 0;
}

static int call(struct forward_client *c, const struct forward_request *request, struct forward_reply *reply,
		uint8_t **data)
{
	switch (request->op) {
	case FORWARD_OPEN:
		return open_session(c);
	case FORWARD_CLOSE:
		return close_session(c);
	case FORWARD_ALLOC:
		return alloc(c, request, reply);
	case FORWARD_FREE:
		return release(c, request->handle);
	case FORWARD_HTOD:
	case FORWARD_DTOH:
		return transfer(c, request, data);
	case FORWARD_LAUNCH:
		return launch(c, request);
	default:
		return -ENOSYS;
	}
}

void forward_serve(struct forward_client *client, const struct forward_request *request, struct forward_reply *reply,
		   uint8_t **data)
{
	*data = NULL;
	*reply = (struct forward_reply){ .nonce = request->nonce };
	if (request->op > 0 && request->op < FORWARD_OPS)
		crossings_count(client->counters, forward_crossing[request->op]);
	if (request->op == FORWARD_WAIT) {
		reply->result = wait_idle(client, reply);
	} else {
		pthread_mutex_lock(&client->gem->lock);
		reply->result = call(client, request, reply, data);
		pthread_mutex_unlock(&client->gem->lock);
	}
	if (reply->result)
		crossings_count(client->counters, CROSS_REFUSED);
}

void forward_gone(struct forward_client *client)
{
	pthread_mutex_lock(&client->gem->lock);
	gem_client_gone(client->gem, client->client);
	client->file = 0;
	pthread_mutex_unlock(&client->gem->lock);
}
