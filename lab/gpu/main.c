/*
 * vgpu SOCKET [MB]: the lab's GPU. It lives as long as the box that connects to its socket, and provides the
 * box's memory, of this many MiB, which it can reach if the IOMMU allows it.
 */
#include "gpu.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define WAIT_FOR_BOX_MS 60000

static int listen_at(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || strlen(path) >= sizeof(address.sun_path))
		return -1;
	strcpy(address.sun_path, path);
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 || listen(fd, 1) < 0)
		return -1;
	return fd;
}

static int accept_box(int listener)
{
	struct pollfd ready = { .fd = listener, .events = POLLIN };

	if (poll(&ready, 1, WAIT_FOR_BOX_MS) != 1) {
		errno = ETIMEDOUT;
		return -1;
	}
	return accept4(listener, NULL, NULL, SOCK_CLOEXEC);
}

static void poke_engine(struct gpu *gpu)
{
	uint64_t one = 1;

	if (write(gpu->submit_fd, &one, sizeof(one)) < 0)
		perror("vgpu: waking the engine");
}

/* Passes controls on until the box hangs up or somebody ends us. */
static void serve(struct gpu *gpu, int box, const sigset_t *outside)
{
	struct pollfd ready[] = { { .fd = gpu->control_fd, .events = POLLIN }, { .fd = box, .events = POLLIN } };

	while (!atomic_load(&gpu->quit)) {
		uint64_t rung;

		if (ppoll(ready, 2, NULL, outside) < 0)
			continue;
		if (ready[1].revents)
			return;
		if (ready[0].revents && read(gpu->control_fd, &rung, sizeof(rung)) > 0) {
			atomic_store(&gpu->control, 1);
			poke_engine(gpu);
		}
	}
}

static struct gpu gpu;

static void on_signal(int number)
{
	(void)number;
	atomic_store(&gpu.quit, 1);
}

static void take_signals(sigset_t *outside)
{
	struct sigaction action = { .sa_handler = on_signal };
	sigset_t ours;

	sigemptyset(&ours);
	sigaddset(&ours, SIGINT);
	sigaddset(&ours, SIGTERM);
	sigprocmask(SIG_BLOCK, &ours, outside);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

static int run(const char *path, const sigset_t *outside)
{
	pthread_t engine;
	int listener = listen_at(path);
	int box;

	if (listener < 0) {
		perror(path);
		return 1;
	}
	box = accept_box(listener);
	close(listener);
	unlink(path);
	if (box < 0 || ivshmem_greet(&gpu, box) < 0) {
		perror("vgpu: no box came");
		return 1;
	}
	if (pthread_create(&engine, NULL, engine_main, &gpu)) {
		fprintf(stderr, "vgpu: no engine thread\n");
		return 1;
	}
	serve(&gpu, box, outside);
	atomic_store(&gpu.quit, 1);
	poke_engine(&gpu);
	pthread_join(engine, NULL);
	return 0;
}

/* For the box's machine, which opens them by their numbers. */
static int show_memory(void)
{
	return gpu.ram && (dup3(gpu.ram_fd, GPU_RAM_FD, O_CLOEXEC) < 0 || dup3(gpu.iommu_fd, GPU_IOMMU_FD, O_CLOEXEC) < 0);
}

/* From 2816 MiB on, q35 moves part of it: a frame's position in the file would no longer be its address. */
#define RAM_MB_MAX 2815

int main(int argc, char **argv)
{
	uint64_t megabytes = argc == 3 ? strtoull(argv[2], NULL, 10) : 0;
	sigset_t outside;

	if (argc < 2 || argc > 3 || (argc == 3 && (megabytes == 0 || megabytes > RAM_MB_MAX))) {
		fprintf(stderr, "usage: vgpu SOCKET [MB]\n");
		return 2;
	}
	if (gpu_create(&gpu, megabytes << 20) < 0 || show_memory()) {
		perror("vgpu: memory");
		return 1;
	}
	take_signals(&outside);
	return run(argv[1], &outside);
}
