#include "boundary.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOCK_FILE VGPU_RUN "/lock"

int device_lock(void)
{
	int fd, error;

	mkdir(VGPU_RUN, 0755);
	fd = open(LOCK_FILE, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	if (fd >= 0 && flock(fd, LOCK_EX) == 0)
		return fd;
	error = errno;
	if (fd >= 0)
		close(fd);
	return vgpu_fail(error, LOCK_FILE ": %s", strerror(error));
}
