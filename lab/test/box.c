/*
 * box SOCKET: plays QEMU's role for the GPU's process: takes its memory and doorbells over its socket, starts
 * a channel, runs one kernel, and hangs up, after which the GPU ends.
 */
#include "../abi/abi.h"
#include "../machine/clock.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define GREETING (3 + 2 * VGPU_VECTORS) /* version, our number, memory; its doorbells, and ours */
#define PATIENCE_NS 10000000000ull
#define SEQ 7

static int greeted(int gpu, int fd[GREETING])
{
	for (unsigned int i = 0; i < GREETING; i++) {
		union { char bytes[CMSG_SPACE(sizeof(int))]; struct cmsghdr align; } control;
		int64_t value;
		struct iovec part = { .iov_base = &value, .iov_len = sizeof(value) };
		struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes,
					  .msg_controllen = sizeof(control.bytes) };
		struct cmsghdr *header;

		if (recvmsg(gpu, &message, MSG_WAITALL) != sizeof(value))
			return -1;
		header = CMSG_FIRSTHDR(&message);
		fd[i] = -1;
		if (header)
			memcpy(&fd[i], CMSG_DATA(header), sizeof(fd[i]));
		if ((i >= 2) != (fd[i] >= 0))
			return -1;
	}
	return 0;
}

static int ring(int doorbell)
{
	const uint64_t one = 1;

	return write(doorbell, &one, sizeof(one)) == sizeof(one) ? 0 : -1;
}

static int becomes(const volatile uint32_t *word, uint32_t value)
{
	uint64_t deadline = now_ns() + PATIENCE_NS;

	while (__atomic_load_n(word, __ATOMIC_ACQUIRE) != value) {
		if (now_ns() > deadline)
			return -1;
		nap_us(100);
	}
	return 0;
}

static int start(uint8_t *window, int control)
{
	volatile struct vgpu_channel_regs *regs = (volatile struct vgpu_channel_regs *)(window + VGPU_CHANNEL(1));

	regs->ring_base = VGPU_RING(1);
	regs->ring_bytes = VGPU_RING_BYTES;
	regs->gtt_base = VGPU_GTT(1);
	regs->gtt_entries = VGPU_WINDOW_PAGES;
	((volatile uint64_t *)(window + VGPU_GTT(1)))[VGPU_HEAP / VGPU_PAGE] = VGPU_PTE(VGPU_HEAP / VGPU_PAGE);
	regs->enable = 1;
	return ring(control) || becomes(&regs->enable, VGPU_ENABLED) || regs->state != VGPU_CHANNEL_READY;
}

static uint32_t put(uint8_t *window, uint32_t tail, const struct vgpu_command *command)
{
	memcpy(window + VGPU_RING(1) + tail, command, command->header.bytes);
	return tail + command->header.bytes;
}

static int submit(uint8_t *window, int doorbell)
{
	const struct vgpu_command launch = { .header = { .opcode = VGPU_LAUNCH, .bytes = sizeof(launch.header) + 8 } };
	const struct vgpu_command fence = {
		.header = { .opcode = VGPU_FENCE, .bytes = sizeof(fence.header) + sizeof(fence.fence) },
		.fence = { .address = VGPU_HEAP, .seq = SEQ },
	};
	volatile struct vgpu_channel_regs *regs = (volatile struct vgpu_channel_regs *)(window + VGPU_CHANNEL(1));
	const volatile struct vgpu_fence *done = (const volatile struct vgpu_fence *)(window + VGPU_HEAP);

	__atomic_store_n(&regs->tail, put(window, put(window, 0, &launch), &fence), __ATOMIC_RELEASE);
	if (ring(doorbell) || becomes((const volatile uint32_t *)&done->seq, SEQ))
		return -1;
	return done->status == VGPU_FENCE_STATUS(VGPU_FAULT_NONE, 1) ? 0 : -1;
}

/* The GPU may be about to listen. */
static int reach(int gpu, const struct sockaddr_un *address)
{
	uint64_t deadline = now_ns() + PATIENCE_NS;

	while (connect(gpu, (const struct sockaddr *)address, sizeof(*address))) {
		if (now_ns() > deadline)
			return -1;
		nap_us(10000);
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int gpu = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int fd[GREETING];
	uint8_t *window;

	if (argc != 2 || strlen(argv[1]) >= sizeof(address.sun_path))
		return 2;
	strcpy(address.sun_path, argv[1]);
	if (reach(gpu, &address) || greeted(gpu, fd)) {
		perror("box: the GPU does not greet");
		return 1;
	}
	window = mmap(NULL, VGPU_WINDOW, PROT_READ | PROT_WRITE, MAP_SHARED, fd[2], 0);
	if (window == MAP_FAILED || start(window, fd[3 + VGPU_BELL_CONTROL]) ||
	    submit(window, fd[3 + VGPU_BELL_SUBMIT])) {
		fprintf(stderr, "box: the GPU does not run a kernel\n");
		return 1;
	}
	printf("{\"launches\":%llu}\n", (unsigned long long)((struct vgpu_regs *)window)->launches);
	return 0;
}
