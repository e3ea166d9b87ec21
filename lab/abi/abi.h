/*
 * The ABI of the lab's GPU: what a driver may know about the hardware.
 *
 * The GPU is a process that shares one window of memory (BAR2 of an ivshmem device) with the box, and
 * hears a doorbell (BAR0 + 12). Registers, page tables and rings lie at the start of the window; the
 * rest is memory for objects. The GPU reaches objects only through the page table (GTT) of the channel
 * that runs, so whoever writes a channel's GTT decides what its commands can touch.
 */
#ifndef VGPU_ABI_H
#define VGPU_ABI_H

#include <stdint.h>

#define VGPU_PCI_VENDOR 0x1af4
#define VGPU_PCI_DEVICE 0x1110

#define VGPU_PAGE 4096u
#define VGPU_PAGE_SHIFT 12
#define VGPU_WINDOW (128u << 20)
#define VGPU_WINDOW_PAGES (VGPU_WINDOW >> VGPU_PAGE_SHIFT)
#define VGPU_CHANNELS 32u

/* Layout of the window, in bytes from its start. */
#define VGPU_REGS 0x0u
#define VGPU_CHANNEL(c) (0x1000u + (c) * 0x1000u)
#define VGPU_PVINFO 0x2f000u
#define VGPU_GTT(c) (0x100000u + (c) * 0x40000u)
#define VGPU_RING(c) (0x900000u + (c) * VGPU_RING_BYTES)
#define VGPU_RING_BYTES 0x10000u
#define VGPU_HEAP 0xc00000u
#define VGPU_HEAP_END (VGPU_WINDOW - VGPU_PAGE)
#define VGPU_CANARY (VGPU_WINDOW - VGPU_PAGE) /* belongs to nobody: see the isolation probes */

#define VGPU_CANARY_WORD 0x79726e6163757067ull /* "gpucanry" */

/* The doorbell of ivshmem: a 32-bit write of (peer << 16 | vector) at BAR0 + 12. */
#define VGPU_DOORBELL 12u
#define VGPU_PEER 1u
#define VGPU_RING_THE_BELL(vector) ((VGPU_PEER << 16) | (vector))
enum { VGPU_BELL_SUBMIT = 0, VGPU_BELL_CONTROL = 1, VGPU_VECTORS = 2 };

#define VGPU_MAGIC 0x55504756u /* "VGPU" */
#define VGPU_VERSION 3u

/* Registers of the whole GPU. Only `reset` is written by a driver, then VGPU_BELL_CONTROL is rung. */
struct vgpu_regs {
	uint32_t magic;
	uint32_t version;
	uint32_t window_pages;
	uint32_t channels;
	uint32_t reset; /* 1: stop all, forget every channel; the GPU clears it when done */
	uint32_t reserved;
	uint64_t resets;
	uint64_t commands;
	uint64_t launches;
	uint64_t faults;
	uint64_t busy_ns;
};

enum vgpu_channel_state {
	VGPU_CHANNEL_OFF = 0,
	VGPU_CHANNEL_READY = 1,
	VGPU_CHANNEL_BUSY = 2,
	VGPU_CHANNEL_FAULTED = 3, /* drops its commands, except fences, until it is enabled again */
};

/*
 * Registers of one channel. The driver writes ring, gtt and tail; the GPU writes head and what follows.
 * `enable` 0 -> 1 (with VGPU_BELL_CONTROL) loads ring and gtt, and clears head, tail and faults.
 */
struct vgpu_channel_regs {
	uint64_t ring_base;  /* offset in the window, page aligned */
	uint64_t gtt_base;   /* offset in the window, page aligned */
	uint32_t ring_bytes; /* power of two, 4 KiB to 64 KiB */
	uint32_t gtt_entries;
	uint32_t enable; /* 1: asks to start; the GPU answers with VGPU_ENABLED */
	uint32_t tail;   /* in bytes, free running modulo 2^32 */
	uint32_t stop;   /* 1 with VGPU_BELL_CONTROL: abort what is queued, as a fault would; reset to 0 when done */
	uint32_t head;
	uint32_t state;
	uint32_t fault_code;
	uint64_t fault_address;
	uint64_t commands;
	uint64_t launches;
	uint64_t busy_ns;
	uint64_t spent_ns; /* the GPU's own time spent on the current command, by which hangs are detected */
};
#define VGPU_ENABLED 2u

/* A GTT entry: page number in the window << 12 | valid; or a machine frame of the host's memory, with one more bit. */
#define VGPU_PTE_VALID 1ull
#define VGPU_PTE_HOST 2ull
#define VGPU_PTE(page) (((uint64_t)(page) << VGPU_PAGE_SHIFT) | VGPU_PTE_VALID)
#define VGPU_PTE_OF_HOST(frame) (VGPU_PTE(frame) | VGPU_PTE_HOST)

/*
 * The host's memory that the GPU can reach is not determined by its driver but by an IOMMU: a separate PCI
 * device, whose BAR2 has a bit per machine frame, bit frame % 8 of byte frame / 8. None is set after power on
 * or a reset.
 */
#define VGPU_IOMMU_BYTES 0x20000u
#define VGPU_IOMMU_FRAMES (VGPU_IOMMU_BYTES * 8u)

/* What a mediator tells its guest, as gVirt's PVINFO page does; all zero on hardware. */
#define VGPU_PVINFO_MAGIC 0x4776544776544776ull
struct vgpu_pvinfo {
	uint64_t magic;
	uint32_t version;
	uint32_t fences;
	uint64_t slice_base;
	uint64_t slice_bytes;
	uint32_t vgpu;
	uint32_t vram_trapped; /* 1: emulation, nothing is mapped */
};

/* Commands: a header, then a body; `bytes` counts both and is a multiple of 8. */
enum vgpu_opcode {
	VGPU_NOP = 1,
	VGPU_MEMBAR = 2,
	VGPU_FENCE = 3,
	VGPU_COPY = 4,
	VGPU_FILL = 5,
	VGPU_LAUNCH = 6,
	VGPU_HANG = 7, /* never ends: only a stop or a reset ends it */
};

#define VGPU_COMMAND_MAX 88u
#define VGPU_ARGS_MAX 9u

struct vgpu_header {
	uint16_t opcode;
	uint16_t bytes;
	uint32_t reserved;
};

struct vgpu_command {
	struct vgpu_header header;
	union {
		struct {
			uint64_t address, seq;
		} fence;
		struct {
			uint64_t to, from, bytes;
		} copy;
		struct {
			uint64_t to, bytes, value;
		} fill;
		struct {
			uint32_t kernel, args;
			uint64_t arg[VGPU_ARGS_MAX];
		} launch;
	};
};

/* What a fence writes to its address; `seq` is written last. */
struct vgpu_fence {
	uint64_t seq;
	uint64_t status;   /* low half: 0, or the channel's fault_code; high half: launches since the fence before */
	uint64_t start_ns; /* GPU clock, first command since the fence before */
	uint64_t end_ns;
	uint64_t busy_ns; /* time spent in commands between the two */
};
#define VGPU_FENCE_STATUS(fault, launches) ((uint64_t)(launches) << 32 | (fault))
#define VGPU_FENCE_FAULT(status) ((uint32_t)(status))
#define VGPU_FENCE_LAUNCHES(status) ((uint32_t)((status) >> 32))

enum vgpu_fault {
	VGPU_FAULT_NONE = 0,
	VGPU_FAULT_PAGE = 1,    /* an address without a valid GTT entry */
	VGPU_FAULT_COMMAND = 2, /* not a command */
	VGPU_FAULT_KERNEL = 3,  /* not a kernel, or arguments out of its range */
	VGPU_FAULT_STOPPED = 4, /* stopped or reset while it ran */
	VGPU_FAULT_RING = 5,    /* ring or gtt registers out of range */
};

/* Kernels and their arguments; matrices are n x n, row by row. */
enum vgpu_kernel {
	VGPU_KERNEL_NOP = 0,        /* - */
	VGPU_KERNEL_LOOP = 1,       /* out, steps, seed */
	VGPU_KERNEL_MADD = 2,       /* out, a, b, n            uint32 */
	VGPU_KERNEL_MMUL = 3,       /* out, a, b, n            uint32 */
	VGPU_KERNEL_FMADD = 4,      /* out, a, b, n            float */
	VGPU_KERNEL_FMMUL = 5,      /* out, a, b, n            float */
	VGPU_KERNEL_HOTSPOT = 6,    /* out, temperature, power, n */
	VGPU_KERNEL_BFS = 7,        /* offsets, edges, levels, changed, nodes, edge count, level */
	VGPU_KERNEL_NN = 8,         /* out, points, count, x bits, y bits */
	VGPU_KERNEL_NW = 9,         /* score, reference, n, diagonal, penalty */
	VGPU_KERNEL_LUD = 10,       /* a, n, step */
	VGPU_KERNEL_SRAD_COEFF = 11,/* coefficient, image, n, q0 bits */
	VGPU_KERNEL_SRAD_STEP = 12, /* image out, image, coefficient, n, lambda bits */
	VGPU_KERNEL_LAYER = 13,     /* out, in, weights, inputs, outputs */
	VGPU_KERNEL_ADJUST = 14,    /* weights, in, delta, inputs, outputs, rate bits */
	VGPU_KERNELS = 15,
};

#endif
