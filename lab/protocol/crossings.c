#include "crossings.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

const char *const crossing_names[CROSS_KINDS] = {
	[CROSS_REGISTER_READ] = "registerRead",
	[CROSS_REGISTER_WRITE] = "registerWrite",
	[CROSS_TAIL_WRITE] = "tailWrite",
	[CROSS_GTT_READ] = "gttRead",
	[CROSS_GTT_WRITE] = "gttWrite",
	[CROSS_VRAM_READ] = "vramRead",
	[CROSS_VRAM_WRITE] = "vramWrite",
	[CROSS_REFUSED] = "refused",
	[CROSS_FILE_OPEN] = "fileOpen",
	[CROSS_FILE_CLOSE] = "fileClose",
	[CROSS_GETPARAM] = "getparam",
	[CROSS_CHANNEL_ALLOC] = "channelAlloc",
	[CROSS_CHANNEL_FREE] = "channelFree",
	[CROSS_GEM_NEW] = "gemNew",
	[CROSS_GEM_INFO] = "gemInfo",
	[CROSS_GEM_CLOSE] = "gemClose",
	[CROSS_TO_GLOBAL] = "toGlobal",
	[CROSS_FROM_GLOBAL] = "fromGlobal",
	[CROSS_MMAP] = "mmap",
	[CROSS_FAULT] = "fault",
	[CROSS_PUSHBUF] = "pushbuf",
	[CROSS_CPU_PREP] = "cpuPrep",
	[CROSS_CALL_OPEN] = "callOpen",
	[CROSS_CALL_CLOSE] = "callClose",
	[CROSS_CALL_ALLOC] = "callAlloc",
	[CROSS_CALL_FREE] = "callFree",
	[CROSS_CALL_HTOD] = "callHtod",
	[CROSS_CALL_DTOH] = "callDtoh",
	[CROSS_CALL_LAUNCH] = "callLaunch",
	[CROSS_CALL_WAIT] = "callWait",
	[CROSS_HYPERCALL_MAP] = "hypercallMap",
	[CROSS_HYPERCALL_UNMAP] = "hypercallUnmap",
	[CROSS_PAGES_MAPPED] = "pagesMapped",
	[CROSS_PAGES_UNMAPPED] = "pagesUnmapped",
	[CROSS_GRANT_MAP] = "grantMap",
	[CROSS_GRANT_UNMAP] = "grantUnmap",
	[CROSS_GRANTS_MAPPED] = "pagesGrantMapped",
	[CROSS_GRANTS_UNMAPPED] = "pagesGrantUnmapped",
	[CROSS_DELAYED_NS] = "delayedNs",
};

uint64_t crossings_total(const struct crossings *crossings)
{
	uint64_t total = 0;

	for (int kind = 0; kind < CROSS_HYPERCALLS; kind++)
		total += kind == CROSS_REFUSED ? 0 : crossings->count[kind];
	return total;
}

struct crossings *crossings_open(const char *name)
{
	struct crossings *crossings = MAP_FAILED;
	char path[128];
	int fd;

	mkdir(VGPU_RUN, 0755);
	snprintf(path, sizeof(path), VGPU_RUN "/%s.counters", name);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	if (fd >= 0 && ftruncate(fd, sizeof(*crossings)) == 0)
		crossings = mmap(NULL, sizeof(*crossings), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (fd >= 0)
		close(fd);
	return crossings == MAP_FAILED ? calloc(1, sizeof(*crossings)) : crossings;
}
