/*
 * vgpu-mode none|MODE [option=value ...] in a guest: the boundary that its programs use, and the front-end it
 * needs. dom0 comes first: its own vgpu-mode MODE GUEST determines what this guest has of the GPU.
 */
#include "../machine/alone.h"
#include "../machine/daemon.h"
#include "../protocol/crossings.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MODE_FILE VGPU_RUN "/mode"
#define READY_MS 15000u

static const char *const modes[] = { "native", "passthrough", "mediated", "emulation", "pvdrm", "forwarding" };

static int known(const char *mode)
{
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		if (!strcmp(modes[i], mode))
			return 1;
	return 0;
}

static int usage(void)
{
	fprintf(stderr, "usage: vgpu-mode none|native|passthrough|mediated|emulation|pvdrm [cache=0|1]|forwarding\n"
			"in a guest, and in dom0 before it: vgpu-mode MODE GUEST\n");
	return 2;
}

/* Takes effect all at once, with the name of the file. */
static int write_mode(char *const words[])
{
	FILE *file = fopen(MODE_FILE ".new", "we");

	if (!file)
		return -1;
	for (; *words; words++)
		fprintf(file, "%s%c", *words, words[1] ? ' ' : '\n');
	return fclose(file) || rename(MODE_FILE ".new", MODE_FILE) ? -1 : 0;
}

int main(int argc, char **argv)
{
	const char *mode = argc > 1 ? argv[1] : "";
	int pvdrm = !strcmp(mode, "pvdrm"), none = !strcmp(mode, "none");

	if (argc < 2 || argc > (pvdrm ? 3 : 2))
		return usage();
	if (!known(mode) && !none) {
		fprintf(stderr, "vgpu-mode: there is no mode %s\n", mode);
		return usage();
	}
	if (be_alone())
		return 1;
	unlink(MODE_FILE);
	daemon_stop(DAEMON_IN_GUEST);
	if (none)
		return 0;
	if (pvdrm) {
		char *front[] = { "pvdrm-front", argv[2], NULL };

		if (daemon_start(DAEMON_IN_GUEST, front, READY_MS))
			return 1;
	}
	if (!write_mode(argv + 1))
		return 0;
	fprintf(stderr, "vgpu-mode: " MODE_FILE ": %s\n", strerror(errno));
	return 1;
}
