/*
 * What a PVDRM front-end and back-end share, after CPFL/pvdrm: one granted page with 16 slots of 128 bytes, a
 * ring of slot ids and a counter, and one granted page per slot for larger data. No event channel: both sides
 * poll. The counter page's grant is named by `counter-ref` in xenstore.
 */
#ifndef VGPU_PVDRM_H
#define VGPU_PVDRM_H

#include <pthread.h>
#include <stdint.h>
#include "crossings.h"
#include "../abi/abi.h"

#define PVDRM_SLOTS 16u
#define PVDRM_GRANTS (1 + PVDRM_SLOTS)
#define PVDRM_SPINS 100000u /* polls before a waiting side begins to sleep in between */
#define PVDRM_FAULT_PAGES 512u

enum pvdrm_code {
	PVDRM_FILE_OPEN = 1,  /* -> file */
	PVDRM_FILE_CLOSE,     /* file; frees what it still holds -> pages: unmapped for it, bytes: by so many calls */
	PVDRM_GETPARAM,       /* file, page: which -> bytes: its value */
	PVDRM_CHANNEL_ALLOC,  /* file -> channel */
	PVDRM_CHANNEL_FREE,   /* file, channel */
	PVDRM_GEM_NEW,        /* file, bytes, gart -> handle, address */
	PVDRM_GEM_INFO,       /* file, handle -> address, bytes, gart */
	PVDRM_GEM_CLOSE,      /* file, handle: an object without a global name ends with its last handle */
	PVDRM_TO_GLOBAL,      /* file, handle -> global: a name by which the object outlives its handles */
	PVDRM_FROM_GLOBAL,    /* file, global -> handle */
	PVDRM_MMAP,           /* file, handle -> address: guest-physical */
	PVDRM_FAULT,          /* file, handle, page -> page, pages: now mapped; or gart: so many grants in the slot's page */
	PVDRM_PUSHBUF,        /* file, channel, bytes; the slot's page holds the commands */
	PVDRM_CPU_PREP,       /* file, handle: may the CPU have it? 0 when the channel is idle, -EBUSY, -EIO faulted */
	PVDRM_CODES,
};

/* The kind of crossing that a request of each code counts as, on both sides. */
extern const enum crossing pvdrm_crossing[PVDRM_CODES];

enum pvdrm_param { PVDRM_PARAM_VRAM_BYTES = 1, PVDRM_PARAM_ABI = 2 };

enum pvdrm_state { PVDRM_FREE = 0, PVDRM_FILLED = 1, PVDRM_DONE = 2 };

struct pvdrm_args {
	uint32_t file;
	uint32_t handle;
	uint32_t global;
	uint32_t channel;
	uint32_t gart;
	uint32_t pages;
	uint64_t page;
	uint64_t bytes;
	uint64_t address;
};

struct pvdrm_slot {
	uint32_t code;
	int32_t result;
	uint32_t ref; /* grant of this slot's page */
	uint32_t state;
	uint32_t reserved[4];
	union {
		struct pvdrm_args args;
		uint8_t payload[96];
	};
};

struct pvdrm_page {
	struct pvdrm_slot slot[PVDRM_SLOTS];
	uint32_t ring[PVDRM_SLOTS];
	uint32_t counter; /* requests put in the ring so far */
	/*
	 * By the back-end: what each request, and each page that is unmapped, takes longer than it has to. The front-end spends
	 * it, so that what interrupts the guest meanwhile is within what it counts.
	 */
	uint32_t request_us, unmap_us;
};

_Static_assert(sizeof(struct pvdrm_slot) == 128, "slots are 128 bytes");
_Static_assert(__builtin_offsetof(struct pvdrm_slot, payload) == 32, "the payload is at 32");

/* Where the back-end describes itself, and the front-end's half (as written by tools/vdrm). */
#define PVDRM_FRONT "device/vdrm/0"
enum pvdrm_xenbus { PVDRM_INITIALISING = 1, PVDRM_INIT_WAIT = 2, PVDRM_INITIALISED = 3, PVDRM_CONNECTED = 4,
		    PVDRM_CLOSING = 5, PVDRM_CLOSED = 6 };

/*
 * Between pvdrm-front, which holds the grants as long as the module would be loaded, and the runtime of each
 * program: the descriptor for mapping them is passed over a socket; what programs share is in a file. A
 * program holds the lock on the byte of its number there (F_OFD_SETLK) as long as it lives.
 */
#define PVDRM_FRONT_SOCKET "/run/vgpu/front.sock"
#define PVDRM_FRONT_STATE "/run/vgpu/front.state"
#define PVDRM_PROGRAMS 32u
#define PVDRM_POOL 1024u /* as many as the back-end has objects: it is never full */

/* The GART pages that are mapped in a guest, by their numbers on the GPU. */
struct pvdrm_grants {
	uint32_t handle[VGPU_WINDOW_PAGES]; /* Xen's handle of the mapping, + 1; 0: there is none */
	uint16_t pages[VGPU_WINDOW_PAGES];  /* mapped by the call that began with this one */
	uint8_t holder[VGPU_WINDOW_PAGES];  /* of those: program number + 1; 0: nobody's */
};

/* A program's call that maps pages, while in progress: Xen writes its answer here even if the program is
   killed. */
#define PVDRM_CALL_BYTES 32u
struct pvdrm_mapping {
	uint32_t page, pages; /* 0 pages: none is */
	uint64_t call[PVDRM_FAULT_PAGES * PVDRM_CALL_BYTES / 8];
};

struct pvdrm_pooled {
	uint32_t global; /* 0: empty */
	uint32_t page;   /* of the GPU, its first */
	uint32_t mapped; /* the back-end has reported where its pages are */
	uint64_t bytes;
	uint64_t faulted;
};

struct pvdrm_front_state {
	uint32_t cache;
	uint64_t map_index; /* where the grants begin in the descriptor */
	pthread_mutex_t lock; /* for everything below, free slots and the ring; survives a holder that dies */
	uint32_t open_file[PVDRM_PROGRAMS]; /* by program; left behind when it is killed */
	uint32_t holder[PVDRM_SLOTS];       /* program number + 1 of who waits for a slot; 0: it is free */
	uint32_t most_held;                 /* slots at once, so far */
	uint64_t hits, misses;
	struct pvdrm_pooled pool[PVDRM_POOL]; /* sorted by size: the smallest that fits wins */
	struct pvdrm_grants grants;
	struct pvdrm_mapping mapping[PVDRM_PROGRAMS];
};

#endif
