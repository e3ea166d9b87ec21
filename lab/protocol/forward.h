/*
 * API forwarding: each call of the runtime is one message over a Xen vchan and one reply. Data of copies
 * follows its message (htod) or its reply (dtoh).
 */
#ifndef VGPU_FORWARD_H
#define VGPU_FORWARD_H

#include <stdint.h>
#include "crossings.h"
#include "../abi/abi.h"

enum forward_op {
	FORWARD_OPEN = 1,
	FORWARD_CLOSE,
	FORWARD_ALLOC,  /* bytes, gart -> handle, address */
	FORWARD_FREE,   /* handle */
	FORWARD_HTOD,   /* handle, bytes; data follows */
	FORWARD_DTOH,   /* handle, bytes -> data follows */
	FORWARD_LAUNCH, /* command */
	FORWARD_WAIT,   /* -> gpu_ns, launches, fault */
	FORWARD_OPS,
};

/* The kind of crossing that each call counts as, on both sides. */
extern const enum crossing forward_crossing[FORWARD_OPS];

struct forward_request {
	uint64_t nonce; /* of the session, given by OPEN; a reply repeats it */
	uint32_t op;
	uint32_t handle;
	uint64_t bytes;
	uint32_t gart;
	uint32_t reserved;
	uint8_t command[VGPU_COMMAND_MAX];
};

struct forward_reply {
	uint64_t nonce;
	int32_t result;
	uint32_t handle;
	uint64_t address;
	uint64_t gpu_ns;   /* of the channel, as the GPU counts it */
	uint32_t launches; /* likewise */
	uint32_t fault;
};

/* The vchan's place in xenstore, by the guest's domain id. dom0 is its server. */
#define FORWARD_PATH "/local/domain/0/data/vgpu/%u"
#define FORWARD_RING_BYTES 65536u

#endif
