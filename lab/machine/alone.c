#include "alone.h"
#include "wait.h"
#include "../protocol/crossings.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

#define FILE_NAME VGPU_RUN "/vgpu-mode.lock"
#define PATIENCE_NS 25000000000ull

int be_alone(void)
{
	struct wait wait = { 0 };
	int fd;

	mkdir(VGPU_RUN, 0755);
	fd = open(FILE_NAME, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0) {
		fprintf(stderr, "vgpu-mode: " FILE_NAME ": %s\n", strerror(errno));
		return -1;
	}
	while (flock(fd, LOCK_EX | LOCK_NB))
		if (wait_on(&wait, 0, PATIENCE_NS)) {
			fprintf(stderr, "vgpu-mode: another has been at work for 25 s, and holds " FILE_NAME "\n");
			return -1;
		}
	return 0;
}
