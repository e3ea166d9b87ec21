/* Crossings of the guest/host boundary by kind: the same names on both sides, counted where they happen. */
#ifndef VGPU_CROSSINGS_H
#define VGPU_CROSSINGS_H

#include <stdint.h>

enum crossing {
	CROSS_REGISTER_READ,
	CROSS_REGISTER_WRITE,
	CROSS_TAIL_WRITE,
	CROSS_GTT_READ,
	CROSS_GTT_WRITE,
	CROSS_VRAM_READ,
	CROSS_VRAM_WRITE,
	CROSS_REFUSED, /* refused accesses and commands; counted in addition to their kind */
	CROSS_FILE_OPEN,
	CROSS_FILE_CLOSE,
	CROSS_GETPARAM,
	CROSS_CHANNEL_ALLOC,
	CROSS_CHANNEL_FREE,
	CROSS_GEM_NEW,
	CROSS_GEM_INFO,
	CROSS_GEM_CLOSE,
	CROSS_TO_GLOBAL,
	CROSS_FROM_GLOBAL,
	CROSS_MMAP,
	CROSS_FAULT,
	CROSS_PUSHBUF,
	CROSS_CPU_PREP,
	CROSS_CALL_OPEN,
	CROSS_CALL_CLOSE,
	CROSS_CALL_ALLOC,
	CROSS_CALL_FREE,
	CROSS_CALL_HTOD,
	CROSS_CALL_DTOH,
	CROSS_CALL_LAUNCH,
	CROSS_CALL_WAIT,
	CROSS_HYPERCALLS, /* from here on: hypercalls caused by crossings, which are not crossings of the guest's own */
	CROSS_HYPERCALL_MAP = CROSS_HYPERCALLS, /* domctls by which dom0 maps pages of the GPU into the guest */
	CROSS_HYPERCALL_UNMAP,
	CROSS_PAGES_MAPPED,
	CROSS_PAGES_UNMAPPED,
	CROSS_GRANT_MAP, /* calls by which the guest maps pages that dom0 has granted to it */
	CROSS_GRANT_UNMAP,
	CROSS_GRANTS_MAPPED, /* pages */
	CROSS_GRANTS_UNMAPPED,
	CROSS_DELAYS, /* from here on: not counts, but the actual time of configured delays (trap-us= and the like) */
	CROSS_DELAYED_NS = CROSS_DELAYS,
	CROSS_KINDS,
};

extern const char *const crossing_names[CROSS_KINDS];

struct crossings {
	uint64_t count[CROSS_KINDS];
};

/* Crossings proper: all kinds except CROSS_REFUSED, which is the result of some of them, and except
   hypercalls. */
uint64_t crossings_total(const struct crossings *crossings);

/*
 * Counters that others can read: a file under VGPU_RUN, shared by all who open it, kept until the box goes
 * down. Returns the process's own memory if the file can't be created, so that counting never fails.
 */
#ifndef VGPU_RUN
#define VGPU_RUN "/run/vgpu"
#endif
struct crossings *crossings_open(const char *name);

static inline void crossings_add(struct crossings *crossings, enum crossing kind, uint64_t more)
{
	__atomic_fetch_add(&crossings->count[kind], more, __ATOMIC_RELAXED);
}

static inline void crossings_count(struct crossings *crossings, enum crossing kind)
{
	crossings_add(crossings, kind, 1);
}

#endif
