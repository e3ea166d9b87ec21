/*
 * pvdrm (lab): the front-end, after CPFL/pvdrm. Every call of the DRM interface is a slot request; memory is
 * mapped on fault; completion is polled in mapped memory. With cache=1, mappable GART objects go to a pool
 * when they are freed and keep their mappings.
 */
#include "boundary.h"
#include "pool.h"
#include "../protocol/places.h"
#include "../protocol/pvdrm.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define ANSWER_NS 20000000000ull
#define OBJECTS_MAX 512

struct object {
	uint8_t *data; /* NULL: empty */
	uint64_t bytes;
	uint32_t handle;
	uint64_t guest_physical;
	uint64_t faulted;
	int gart;
};

struct front {
	int lock_fd;
	int memory_fd;
	struct pvdrm_page *page;
	uint8_t *slot_pages;
	struct pvdrm_front_state *state;
	uint32_t file;
	uint32_t channel;
	int channel_open;
	struct object object[OBJECTS_MAX];
};

static struct vgpu *current; /* for the fault handler */

static const enum crossing crossing_of[PVDRM_CODES] = {
	[PVDRM_FILE_OPEN] = CROSS_FILE_OPEN,         [PVDRM_FILE_CLOSE] = CROSS_FILE_CLOSE,
	[PVDRM_GETPARAM] = CROSS_GETPARAM,           [PVDRM_CHANNEL_ALLOC] = CROSS_CHANNEL_ALLOC,
	[PVDRM_CHANNEL_FREE] = CROSS_CHANNEL_FREE,   [PVDRM_GEM_NEW] = CROSS_GEM_NEW,
	[PVDRM_GEM_INFO] = CROSS_GEM_INFO,           [PVDRM_GEM_FREE] = CROSS_GEM_FREE,
	[PVDRM_GEM_CLOSE] = CROSS_GEM_CLOSE,         [PVDRM_FROM_GLOBAL] = CROSS_FROM_GLOBAL,
	[PVDRM_MMAP] = CROSS_MMAP,                   [PVDRM_FAULT] = CROSS_FAULT,
	[PVDRM_PUSHBUF] = CROSS_PUSHBUF,             [PVDRM_CPU_PREP] = CROSS_CPU_PREP,
	[PVDRM_CPU_FINI] = CROSS_CPU_FINI,
};

static struct front *front_of(struct vgpu *gpu)
{
	return gpu->state;
}

static int wait_done(struct pvdrm_slot *slot)
{
	uint64_t deadline = 0;

	for (uint64_t polls = 0; __atomic_load_n(&slot->state, __ATOMIC_ACQUIRE) == PVDRM_FILLED; polls++) {
		if (polls < PVDRM_SPINS) {
			__builtin_ia32_pause();
			continue;
		}
		if (!deadline)
			deadline = vgpu_now_ns() + ANSWER_NS;
		else if (vgpu_now_ns() > deadline)
			return -ETIMEDOUT;
		vgpu_nap();
	}
	return 0;
}

/* One crossing. The program has one thread, so slots are taken in turn and the ring never fills. */
static int request(struct vgpu *gpu, enum pvdrm_code code, struct pvdrm_args *args)
{
	struct front *front = front_of(gpu);
	uint32_t counter = front->page->counter;
	struct pvdrm_slot *slot = &front->page->slot[counter % PVDRM_SLOTS];

	vgpu_cross(gpu, crossing_of[code]);
	args->file = front->file;
	slot->code = code;
	slot->args = *args;
	__atomic_store_n(&slot->state, PVDRM_FILLED, __ATOMIC_RELEASE);
	front->page->ring[counter % PVDRM_SLOTS] = counter % PVDRM_SLOTS;
	__atomic_store_n(&front->page->counter, counter + 1, __ATOMIC_RELEASE);
	if (wait_done(slot))
		return vgpu_fail(ETIMEDOUT, "the PVDRM back-end does not answer");
	*args = slot->args;
	slot->state = PVDRM_FREE;
	return slot->result;
}

static int refuse(int error, const char *what)
{
	return vgpu_fail(-error, "the PVDRM back-end refuses %s: %s", what, strerror(-error));
}

static int receive_fd(int socket_fd)
{
	union { char bytes[CMSG_SPACE(sizeof(int))]; struct cmsghdr align; } control;
	char byte;
	struct iovec part = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes,
				  .msg_controllen = sizeof(control.bytes) };
	struct cmsghdr *header;
	int fd = -1;

	if (recvmsg(socket_fd, &message, MSG_CMSG_CLOEXEC) != 1)
		return -1;
	header = CMSG_FIRSTHDR(&message);
	if (header && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS)
		memcpy(&fd, CMSG_DATA(header), sizeof(fd));
	return fd;
}

static int grants_fd(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = PVDRM_FRONT_SOCKET };
	int fd = -1, socket_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (socket_fd < 0)
		return -1;
	if (connect(socket_fd, (struct sockaddr *)&address, sizeof(address)) == 0)
		fd = receive_fd(socket_fd);
	close(socket_fd);
	return fd;
}

static int map_shared(struct front *front)
{
	int fd = open(PVDRM_FRONT_STATE, O_RDWR | O_CLOEXEC);
	void *memory;

	if (fd < 0)
		return vgpu_fail(ENODEV, "pvdrm-front is not loaded: run vgpu-mode pvdrm");
	front->state = mmap(NULL, sizeof(*front->state), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	fd = grants_fd();
	if (front->state == MAP_FAILED || fd < 0)
		return vgpu_fail(ENODEV, "pvdrm-front does not answer");
	memory = mmap(NULL, PVDRM_GRANTS * VGPU_PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
		      (off_t)front->state->map_index);
	close(fd);
	if (memory == MAP_FAILED)
		return vgpu_fail(errno, "mapping the granted pages: %s", strerror(errno));
	front->page = memory;
	front->slot_pages = (uint8_t *)memory + VGPU_PAGE;
	return 0;
}

static int take_device(struct front *front)
{
	front->lock_fd = open(VGPU_RUN "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	if (front->lock_fd < 0 || flock(front->lock_fd, LOCK_EX) < 0)
		return vgpu_fail(errno, VGPU_RUN "/lock: %s", strerror(errno));
	front->memory_fd = open("/dev/mem", O_RDWR | O_CLOEXEC | O_SYNC);
	if (front->memory_fd < 0)
		return vgpu_fail(errno, "/dev/mem: %s", strerror(errno));
	return map_shared(front);
}

/* A process that was killed left its file open, and maybe a request under way. */
static void clean_up_after(struct vgpu *gpu, struct front *front)
{
	struct pvdrm_args args = { 0 };

	for (unsigned int i = 0; i < PVDRM_SLOTS; i++) {
		wait_done(&front->page->slot[i]);
		front->page->slot[i].state = PVDRM_FREE;
	}
	if (!front->state->open_file)
		return;
	front->file = front->state->open_file;
	request(gpu, PVDRM_FILE_CLOSE, &args);
	front->state->open_file = 0;
	front->file = 0;
}

static struct object *object_at(struct front *front, const uint8_t *address)
{
	for (unsigned int i = 0; i < OBJECTS_MAX; i++) {
		struct object *object = &front->object[i];

		if (object->data && address >= object->data && address < object->data + object->bytes)
			return object;
	}
	return NULL;
}

static int show_pages(struct front *front, struct object *object, uint64_t page, uint64_t pages)
{
	void *at = object->data + (page << VGPU_PAGE_SHIFT);

	return mmap(at, pages << VGPU_PAGE_SHIFT, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, front->memory_fd,
		    (off_t)(object->guest_physical + (page << VGPU_PAGE_SHIFT))) == MAP_FAILED ? -1 : 0;
}

static uint64_t chunk_bit(const struct object *object, uint64_t page)
{
	return object->gart ? 1ull << (page / PVDRM_FAULT_PAGES % 64) : 0;
}

/* Maps what was touched: up to 512 pages of a GART object, one of VRAM. */
static int fault_in(struct vgpu *gpu, struct object *object, uint64_t page)
{
	struct front *front = front_of(gpu);
	struct pvdrm_args args = { .handle = object->handle, .page = page };

	if (object->faulted & chunk_bit(object, page)) { /* a pooled object kept what dom0 mapped */
		uint64_t first = page - page % PVDRM_FAULT_PAGES, all = (object->bytes + VGPU_PAGE - 1) >> VGPU_PAGE_SHIFT;
		uint64_t pages = all - first < PVDRM_FAULT_PAGES ? all - first : PVDRM_FAULT_PAGES;

		return show_pages(front, object, first, pages);
	}
	if (request(gpu, PVDRM_FAULT, &args))
		return -1;
	object->faulted |= chunk_bit(object, page);
	return show_pages(front, object, args.page, args.pages);
}

static void on_fault(int number, siginfo_t *info, void *context)
{
	struct object *object = current ? object_at(front_of(current), info->si_addr) : NULL;

	(void)context;
	if (object && !fault_in(current, object, (uint64_t)((uint8_t *)info->si_addr - object->data) >> VGPU_PAGE_SHIFT))
		return;
	signal(number, SIG_DFL); /* not ours: die of it, as without us */
}

static int channel_open(struct vgpu *gpu)
{
	struct front *front = front_of(gpu);
	struct pvdrm_args args = { .page = PVDRM_PARAM_ABI };
	int error = request(gpu, PVDRM_FILE_OPEN, &args);

	if (error)
		return refuse(error, "a file");
	front->file = args.file;
	front->state->open_file = args.file;
	args.page = PVDRM_PARAM_ABI;
	error = request(gpu, PVDRM_GETPARAM, &args);
	if (error || args.bytes != VGPU_VERSION)
		return vgpu_fail(ENODEV, "the PVDRM back-end serves another GPU");
	error = request(gpu, PVDRM_CHANNEL_ALLOC, &args);
	if (error)
		return refuse(error, "a channel");
	front->channel = args.channel;
	front->channel_open = 1;
	return 0;
}

static int pvdrm_open(struct vgpu *gpu)
{
	struct sigaction action = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_NODEFER };
	struct front *front = calloc(1, sizeof(*front));
	int error;

	if (!front)
		return vgpu_fail(ENOMEM, "out of memory");
	gpu->state = front;
	mkdir(VGPU_RUN, 0755);
	error = take_device(front);
	if (error)
		return error;
	current = gpu;
	sigaction(SIGSEGV, &action, NULL);
	clean_up_after(gpu, front);
	return channel_open(gpu);
}

static void pvdrm_close(struct vgpu *gpu)
{
	struct front *front = front_of(gpu);
	struct pvdrm_args args = { 0 };

	if (!front)
		return;
	if (front->channel_open) {
		args.channel = front->channel;
		request(gpu, PVDRM_CHANNEL_FREE, &args);
	}
	if (front->file) {
		request(gpu, PVDRM_FILE_CLOSE, &args);
		front->state->open_file = 0;
	}
	current = NULL;
	signal(SIGSEGV, SIG_DFL);
	if (front->page)
		munmap(front->page, PVDRM_GRANTS * VGPU_PAGE);
	if (front->state && front->state != MAP_FAILED)
		munmap(front->state, sizeof(*front->state));
	if (front->memory_fd > 0)
		close(front->memory_fd);
	if (front->lock_fd > 0)
		close(front->lock_fd);
	free(front);
	gpu->state = NULL;
}

/* A hit costs two crossings against a miss's one, and saves those of MMAP and FAULT. */
static int revive(struct vgpu *gpu, struct vgpu_buffer *buffer)
{
	struct front *front = front_of(gpu);
	struct pvdrm_pooled taken;
	struct pvdrm_args args = { 0 };
	int error;

	if (!front->state->cache || buffer->domain != VGPU_GART || !pool_take(front->state, buffer->bytes, &taken))
		return -ENOENT;
	args.global = taken.global;
	error = request(gpu, PVDRM_FROM_GLOBAL, &args);
	if (!error)
		error = request(gpu, PVDRM_GEM_INFO, &args);
	if (error)
		return refuse(error, "a pooled object");
	front->state->hits++;
	buffer->handle = args.handle;
	buffer->global = taken.global;
	buffer->address = args.address;
	buffer->faulted = taken.faulted;
	buffer->capacity = taken.bytes;
	return 0;
}

static int pvdrm_alloc(struct vgpu *gpu, struct vgpu_buffer *buffer)
{
	struct front *front = front_of(gpu);
	struct pvdrm_args args = { .bytes = buffer->bytes, .gart = buffer->domain == VGPU_GART };
	int error = revive(gpu, buffer);

	if (error != -ENOENT)
		return error;
	buffer->capacity = (buffer->bytes + VGPU_PAGE - 1) & ~(uint64_t)(VGPU_PAGE - 1);
	error = request(gpu, PVDRM_GEM_NEW, &args);
	if (error)
		return refuse(error, "an object");
	front->state->misses += front->state->cache && args.gart;
	buffer->handle = args.handle;
	buffer->global = args.global;
	buffer->address = args.address;
	return 0;
}

static int pvdrm_adopt(struct vgpu *gpu, uint32_t global)
{
	struct pvdrm_args args = { .global = global };

	return request(gpu, PVDRM_FROM_GLOBAL, &args);
}

static struct object *object_of(struct front *front, const struct vgpu_buffer *buffer)
{
	for (unsigned int i = 0; i < OBJECTS_MAX; i++)
		if (front->object[i].data && front->object[i].handle == buffer->handle)
			return &front->object[i];
	return NULL;
}

static int pool_object(struct front *front, const struct vgpu_buffer *buffer, const struct object *object)
{
	struct pvdrm_pooled entry = { .global = buffer->global, .bytes = buffer->capacity };

	if (!front->state->cache || buffer->domain != VGPU_GART)
		return 0;
	entry.faulted = object ? object->faulted : buffer->faulted;
	return pool_put(front->state, &entry);
}

static void pvdrm_free(struct vgpu *gpu, struct vgpu_buffer *buffer)
{
	struct front *front = front_of(gpu);
	struct object *object = object_of(front, buffer);
	struct pvdrm_args args = { .handle = buffer->handle, .global = buffer->global };
	int pooled = pool_object(front, buffer, object);

	if (object) {
		munmap(object->data, object->bytes);
		*object = (struct object){ 0 };
	}
	request(gpu, PVDRM_GEM_CLOSE, &args);
	if (!pooled)
		request(gpu, PVDRM_GEM_FREE, &args);
}

static struct object *object_free_place(struct front *front)
{
	for (unsigned int i = 0; i < OBJECTS_MAX; i++)
		if (!front->object[i].data)
			return &front->object[i];
	return NULL;
}

/* Address space now, pages when they are touched. A revived object's mappings need no crossing at all. */
static int pvdrm_map(struct vgpu *gpu, struct vgpu_buffer *buffer)
{
	struct front *front = front_of(gpu);
	struct object *object = buffer->data ? NULL : object_free_place(front);
	struct pvdrm_args args = { .handle = buffer->handle };
	uint64_t bytes = buffer->capacity;
	void *data;

	if (buffer->data)
		return 0;
	if (!object)
		return vgpu_fail(ENOSPC, "more than %d mapped objects", OBJECTS_MAX);
	args.address = GUEST_WINDOW + buffer->address;
	if (!buffer->faulted) {
		int error = request(gpu, PVDRM_MMAP, &args);

		if (error)
			return refuse(error, "a mapping");
	}
	data = mmap(NULL, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (data == MAP_FAILED)
		return vgpu_fail(ENOMEM, "no address space for %llu bytes", (unsigned long long)bytes);
	*object = (struct object){ .data = data, .bytes = bytes, .handle = buffer->handle,
				   .guest_physical = args.address, .faulted = buffer->faulted,
				   .gart = buffer->domain == VGPU_GART };
	buffer->data = data;
	return 0;
}

static int pvdrm_submit(struct vgpu *gpu, const struct vgpu_command *commands, unsigned int count)
{
	struct front *front = front_of(gpu);

	for (unsigned int i = 0; i < count; i++) {
		struct pvdrm_args args = { .channel = front->channel, .bytes = commands[i].header.bytes };
		uint32_t slot = front->page->counter % PVDRM_SLOTS;
		int error;

		memcpy(front->slot_pages + slot * VGPU_PAGE, &commands[i], commands[i].header.bytes);
		error = request(gpu, PVDRM_PUSHBUF, &args);
		if (error)
			return refuse(error, "a pushbuf");
	}
	return 0;
}

/* Asks how the channel is; the back-end stops one that hangs. */
static int pvdrm_fence_lost(struct vgpu *gpu)
{
	struct pvdrm_args args = { .channel = front_of(gpu)->channel };

	return request(gpu, PVDRM_CPU_PREP, &args);
}

const struct boundary boundary_pvdrm = {
	.mode = "pvdrm",
	.open = pvdrm_open,
	.close = pvdrm_close,
	.alloc = pvdrm_alloc,
	.free = pvdrm_free,
	.map = pvdrm_map,
	.submit = pvdrm_submit,
	.adopt = pvdrm_adopt,
	.fence_lost = pvdrm_fence_lost,
	.spins = PVDRM_SPINS,
};
