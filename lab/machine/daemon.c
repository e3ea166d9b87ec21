#include "daemon.h"
#include "ready.h"
#include "../protocol/crossings.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define END_MS 3000
#define TAIL_BYTES 300

/* Until the next call. */
static const char *path_of(const char *role, const char *suffix)
{
	static char path[64];

	snprintf(path, sizeof(path), VGPU_RUN "/%s.%s", role, suffix);
	return path;
}

static int open_file(const char *role, const char *suffix, int flags)
{
	return open(path_of(role, suffix), flags, 0644);
}

pid_t daemon_pid(const char *role)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int fd = open_file(role, "pid", O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return 0;
	if (fcntl(fd, F_GETLK, &lock) || lock.l_type == F_UNLCK)
		lock.l_pid = 0;
	close(fd);
	return lock.l_pid;
}

/* The lock belongs to the process, not to its program: exec keeps it, and the descriptor stays open for it. */
static int hold_pid(const char *role)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int fd = open_file(role, "pid", O_RDWR | O_CREAT);

	if (fd < 0 || fcntl(fd, F_SETLK, &lock) || ftruncate(fd, 0))
		return -1;
	return dprintf(fd, "%d\n", getpid()) > 0 ? 0 : -1;
}

/* In the child. It leads its own session, because whoever asked for it may exit, and be ended with everything
   it started. */
static void become(const char *role, char *const argv[], int told)
{
	int log = open_file(role, "log", O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC);
	int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
	char number[16];

	setsid();
	if (log < 0 || nothing < 0 || dup2(nothing, 0) < 0 || dup2(log, 1) < 0 || dup2(log, 2) < 0)
		_exit(127);
	snprintf(number, sizeof(number), "%d", told);
	if (!hold_pid(role) && !fcntl(told, F_SETFD, 0) && !setenv(READY_VARIABLE, number, 1))
		execvp(argv[0], argv);
	dprintf(2, "it can't be started: %s\n", strerror(errno));
	_exit(127);
}

/* Its last output. */
static char *tail(const char *role)
{
	static char text[TAIL_BYTES + 1];
	int fd = open_file(role, "log", O_RDONLY | O_CLOEXEC);
	ssize_t bytes = 0;

	if (fd >= 0) {
		off_t size = lseek(fd, 0, SEEK_END);

		bytes = pread(fd, text, TAIL_BYTES, size > TAIL_BYTES ? size - TAIL_BYTES : 0);
		close(fd);
	}
	text[bytes > 0 ? bytes : 0] = 0;
	return text;
}

static const char *one_line(char *text)
{
	size_t length = strlen(text);

	while (length && text[length - 1] == '\n')
		text[--length] = 0;
	for (char *at = text; (at = strchr(at, '\n'));)
		*at = ' ';
	return *text ? text : "it said nothing";
}

int daemon_start(const char *role, char *const argv[], unsigned int patience_ms)
{
	struct pollfd told = { .events = POLLIN };
	int ends[2];
	pid_t child;
	char byte;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) || (child = fork()) < 0) {
		fprintf(stderr, "vgpu-mode: %s can't be started: %s\n", argv[0], strerror(errno));
		return -1;
	}
	if (!child)
		become(role, argv, ends[1]);
	close(ends[1]);
	told.fd = ends[0];
	if (poll(&told, 1, (int)patience_ms) <= 0) {
		fprintf(stderr, "vgpu-mode: %s is not ready after %u s: %s\n", argv[0], patience_ms / 1000,
			one_line(tail(role)));
		kill(child, SIGKILL);
	} else if (read(ends[0], &byte, 1) == 1) {
		close(ends[0]);
		return 0;
	}
	waitpid(child, NULL, 0);
	if (told.revents)
		fprintf(stderr, "vgpu-mode: %s ended: %s\n", argv[0], one_line(tail(role)));
	close(ends[0]);
	return -1;
}

/* Whether it is gone within `ms`. */
static int gone(int process, int ms)
{
	struct pollfd end = { .fd = process, .events = POLLIN };

	return poll(&end, 1, ms) > 0;
}

static void end(int process)
{
	syscall(SYS_pidfd_send_signal, process, SIGTERM, NULL, 0);
	if (gone(process, END_MS))
		return;
	syscall(SYS_pidfd_send_signal, process, SIGKILL, NULL, 0);
	gone(process, END_MS);
}

int daemon_stop(const char *role)
{
	pid_t pid = daemon_pid(role);
	int process = pid ? (int)syscall(SYS_pidfd_open, pid, 0) : -1;
	size_t said;

	/* The process behind the descriptor can't be another one now, if it still holds the lock. */
	if (process >= 0 && daemon_pid(role) == pid)
		end(process);
	if (process >= 0)
		close(process);
	unlink(path_of(role, "pid"));
	said = strlen(tail(role));
	if (said < strlen(READY_ENDED))
		return said ? -1 : 0;
	return strcmp(tail(role) + said - strlen(READY_ENDED), READY_ENDED) ? -1 : 0;
}
