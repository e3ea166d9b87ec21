/*
 * The server's side of QEMU's ivshmem protocol (docs/specs/ivshmem-spec.txt): 64-bit little-endian
 * messages, some with a file descriptor. The box is peer 0, the GPU peer VGPU_PEER.
 */
#include "gpu.h"

#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#define PROTOCOL_VERSION 0
#define BOX_PEER 0
#define NO_FD (-1)

static int send_message(int socket_fd, int64_t value, int fd)
{
	union { char bytes[CMSG_SPACE(sizeof(int))]; struct cmsghdr align; } control;
	struct iovec part = { .iov_base = &value, .iov_len = sizeof(value) };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };

	if (fd != NO_FD) {
		struct cmsghdr *header;

		memset(&control, 0, sizeof(control));
		message.msg_control = control.bytes;
		message.msg_controllen = sizeof(control.bytes);
		header = CMSG_FIRSTHDR(&message);
		header->cmsg_level = SOL_SOCKET;
		header->cmsg_type = SCM_RIGHTS;
		header->cmsg_len = CMSG_LEN(sizeof(fd));
		memcpy(CMSG_DATA(header), &fd, sizeof(fd));
	}
	return sendmsg(socket_fd, &message, MSG_NOSIGNAL) == sizeof(value) ? 0 : -1;
}

int ivshmem_greet(struct gpu *gpu, int socket_fd)
{
	const int doorbell[VGPU_VECTORS] = { gpu->submit_fd, gpu->control_fd };

	if (send_message(socket_fd, PROTOCOL_VERSION, NO_FD) || send_message(socket_fd, BOX_PEER, NO_FD) ||
	    send_message(socket_fd, -1, gpu->memory_fd))
		return -1;
	for (unsigned int i = 0; i < VGPU_VECTORS; i++)
		if (send_message(socket_fd, VGPU_PEER, doorbell[i]))
			return -1;
	for (unsigned int i = 0; i < VGPU_VECTORS; i++)
		if (send_message(socket_fd, BOX_PEER, gpu->interrupt_fd[i]))
			return -1;
	return 0;
}
