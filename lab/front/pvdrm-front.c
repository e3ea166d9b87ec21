/*
 * pvdrm-front [cache=0|1]: holds, in the guest, what the module of that name would hold while loaded: the
 * granted pages, the connection in xenstore, and the pool of cached objects. The runtime of each program maps
 * the same pages and talks to the back-end itself: no request passes through here.
 */
#include "../abi/abi.h"
#include "../gnttab/gnttab.h"
#include "../gnttab/grants.h"
#include "../machine/clock.h"
#include "../machine/quit.h"
#include "../machine/ready.h"
#include "../protocol/pvdrm.h"
#include "../store/store.h"
#include "../store/watch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <xen/sys/gntalloc.h>
#include <xenstore.h>

#define ANSWER_NS 10000000000ull
#define WRITABLE 1

static int quit, watch; /* to poll */
static struct xs_handle *store;
static char back_state[128]; /* the node with the back-end's state */

static int complain(const char *what)
{
	fprintf(stderr, "pvdrm-front: %s: %s\n", what, strerror(errno));
	return -1;
}

static int write_node(const char *leaf, unsigned int value)
{
	char path[64];

	snprintf(path, sizeof(path), PVDRM_FRONT "/%s", leaf);
	return store_number_write(store, path, value) ? complain(path) : 0;
}

static int watch_backend(void)
{
	char *folder = xs_read(store, XBT_NULL, PVDRM_FRONT "/backend", NULL);

	if (!folder) {
		fprintf(stderr, "pvdrm-front: there is no back-end: first, in dom0, vgpu-mode pvdrm GUEST\n");
		return -1;
	}
	snprintf(back_state, sizeof(back_state), "%s/state", folder);
	free(folder);
	watch = watch_open();
	return watch >= 0 && !watch_add(watch, back_state) ? 0 : complain(back_state);
}

static int wait_backend(unsigned int state)
{
	uint64_t until_ns = now_ns() + ANSWER_NS;

	while (store_number(store, back_state) != state)
		if (watch_wait(watch, quit, until_ns) <= 0) {
			errno = ETIMEDOUT;
			return complain("the back-end does not connect");
		}
	return 0;
}

/* 17 pages that dom0 may write; `index` is where they begin in the descriptor. */
static int grant_pages(int fd, uint64_t *index, uint32_t refs[PVDRM_GRANTS])
{
	union {
		struct ioctl_gntalloc_alloc_gref call;
		char room[sizeof(struct ioctl_gntalloc_alloc_gref) + PVDRM_GRANTS * sizeof(uint32_t)];
	} alloc = { .call = { .domid = 0, .flags = WRITABLE, .count = PVDRM_GRANTS } };

	if (ioctl(fd, IOCTL_GNTALLOC_ALLOC_GREF, &alloc.call) < 0)
		return complain("granting pages");
	*index = alloc.call.index;
	memcpy(refs, alloc.room + offsetof(struct ioctl_gntalloc_alloc_gref, gref_ids),
	       PVDRM_GRANTS * sizeof(uint32_t));
	return 0;
}

static int prepare_page(int fd, uint64_t index, const uint32_t refs[PVDRM_GRANTS])
{
	struct pvdrm_page *page = mmap(NULL, VGPU_PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, (off_t)index);

	if (page == MAP_FAILED)
		return complain("mapping the counter page");
	memset(page, 0, sizeof(*page));
	for (unsigned int i = 0; i < PVDRM_SLOTS; i++)
		page->slot[i].ref = refs[i + 1];
	return 0; /* stays mapped: the pages are granted as long as we hold them */
}

static int share_state(uint32_t cache, uint64_t index)
{
	static struct pvdrm_front_state state;
	int fd = open(PVDRM_FRONT_STATE, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	pthread_mutexattr_t between_programs;
	ssize_t written;

	state.cache = cache;
	state.map_index = index;
	pthread_mutexattr_init(&between_programs);
	pthread_mutexattr_setpshared(&between_programs, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&between_programs, PTHREAD_MUTEX_ROBUST);
	pthread_mutex_init(&state.lock, &between_programs);
	if (fd < 0)
		return complain(PVDRM_FRONT_STATE);
	written = write(fd, &state, sizeof(state));
	close(fd);
	return written == sizeof(state) ? 0 : complain(PVDRM_FRONT_STATE);
}

static int connect_back(int fd, uint32_t cache)
{
	uint32_t refs[PVDRM_GRANTS];
	uint64_t index = 0;

	if (watch_backend() || write_node("state", PVDRM_INITIALISING) || wait_backend(PVDRM_INIT_WAIT) ||
	    grant_pages(fd, &index, refs) || prepare_page(fd, index, refs) || share_state(cache, index))
		return -1;
	if (write_node("counter-ref", refs[0]) || write_node("state", PVDRM_INITIALISED) ||
	    wait_backend(PVDRM_CONNECTED))
		return -1;
	return write_node("state", PVDRM_CONNECTED);
}

static int listen_here(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = PVDRM_FRONT_SOCKET };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	unlink(PVDRM_FRONT_SOCKET);
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 || listen(fd, 16) < 0) {
		complain(PVDRM_FRONT_SOCKET);
		return -1;
	}
	return fd;
}

static void hand_over(int client, int fd)
{
	union { char bytes[CMSG_SPACE(sizeof(int))]; struct cmsghdr align; } control;
	char byte = 0;
	struct iovec part = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes,
				  .msg_controllen = sizeof(control.bytes) };
	struct cmsghdr *header;

	memset(&control, 0, sizeof(control));
	header = CMSG_FIRSTHDR(&message);
	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(header), &fd, sizeof(fd));
	if (sendmsg(client, &message, MSG_NOSIGNAL) < 0)
		complain("handing the grants over");
}

static void serve(int listener, int fd)
{
	struct pollfd events[] = { { .fd = listener, .events = POLLIN }, { .fd = quit, .events = POLLIN } };

	for (;;) {
		int client;

		if (poll(events, 2, -1) < 0)
			continue;
		if (events[1].revents)
			return;
		client = accept(listener, NULL, NULL);
		if (client < 0)
			continue;
		hand_over(client, fd);
		close(client);
	}
}

/* Everything in the pool, and everything else that a guest has mapped: it ends with us, or with the successor
   of a killed one. */
static void end_grants(void)
{
	int fd = open(PVDRM_FRONT_STATE, O_RDWR | O_CLOEXEC), calls = gnttab_open();
	struct pvdrm_front_state *state = MAP_FAILED;
	struct crossings *crossings = crossings_open("guest");
	struct stat file;

	if (fd >= 0 && calls >= 0 && !fstat(fd, &file) && file.st_size == sizeof(*state))
		state = mmap(NULL, sizeof(*state), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (state != MAP_FAILED) {
		const struct grants_count ended = grants_end_of(calls, state, GRANTS_NOBODY);

		crossings_add(crossings, CROSS_GRANT_UNMAP, ended.calls);
		crossings_add(crossings, CROSS_GRANTS_UNMAPPED, ended.pages);
		munmap(state, sizeof(*state));
	}
	if (fd >= 0)
		close(fd);
	if (calls >= 0)
		close(calls);
}

int main(int argc, char **argv)
{
	uint32_t cache = argc > 1 && !strcmp(argv[1], "cache=1");
	int fd, listener;

	if (argc > 2 || (argc == 2 && strcmp(argv[1], "cache=0") && !cache)) {
		fprintf(stderr, "usage: pvdrm-front [cache=0|1]\n");
		return 2;
	}
	quit = quit_open();
	store = xs_open(0);
	fd = open("/dev/xen/gntalloc", O_RDWR | O_CLOEXEC);
	if (!store || fd < 0)
		return complain("no access to Xen") ? 1 : 0;
	end_grants();
	if (connect_back(fd, cache))
		return 1;
	listener = listen_here();
	if (listener < 0)
		return 1;
	ready("pvdrm-front, init with cache %u, CONNECTED", cache);
	serve(listener, fd);
	end_grants();
	write_node("state", PVDRM_CLOSED);
	unlink(PVDRM_FRONT_SOCKET);
	unlink(PVDRM_FRONT_STATE);
	ready_ended();
	return 0;
}
