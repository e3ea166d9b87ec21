/* The granted pages of pvdrm: pvdrm-front holds them as long as the module would be loaded, and shares them. */
#include "front.h"
#include "../gnttab/gnttab.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

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

int lent_map(struct front *front)
{
	void *memory;
	int fd;

	front->memory_fd = open("/dev/mem", O_RDWR | O_CLOEXEC | O_SYNC);
	if (front->memory_fd < 0)
		return vgpu_fail(errno, "/dev/mem: %s", strerror(errno));
	front->grants_fd = gnttab_open();
	if (front->grants_fd < 0)
		return vgpu_fail(errno, "no calls of Xen's grant table: %s", strerror(errno));
	front->state_fd = open(PVDRM_FRONT_STATE, O_RDWR | O_CLOEXEC);
	if (front->state_fd < 0)
		return vgpu_fail(ENODEV, "pvdrm-front is not loaded: run vgpu-mode pvdrm");
	front->state = mmap(NULL, sizeof(*front->state), PROT_READ | PROT_WRITE, MAP_SHARED, front->state_fd, 0);
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

void lent_unmap(struct front *front)
{
	if (front->page)
		munmap(front->page, PVDRM_GRANTS * VGPU_PAGE);
	if (front->state && front->state != MAP_FAILED)
		munmap(front->state, sizeof(*front->state));
	if (front->state_fd >= 0)
		close(front->state_fd);
	if (front->memory_fd >= 0)
		close(front->memory_fd);
	if (front->grants_fd >= 0)
		close(front->grants_fd);
}
