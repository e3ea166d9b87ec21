/*
 * A workload: a GPGPU program with fixed arguments. It runs its iterations one by one, each from open to
 * close, checks every result against the CPU's, and prints one JSON line per iteration. With rounds, an
 * iteration opens and allocates once, and then repeats its work: the first time is its cold start, and each
 * further one, which reuses what was bound, mapped and allocated, prints a line.
 */
#ifndef VGPU_WORKLOAD_H
#define VGPU_WORKLOAD_H

#include <stddef.h>
#include <stdint.h>
#include "../runtime/vgpu.h"

enum phase { PHASE_NONE, PHASE_INIT, PHASE_ALLOC, PHASE_HTOD, PHASE_LAUNCH, PHASE_DTOH, PHASE_CLOSE, PHASES };

struct run {
	uint64_t size;  /* the workload's one number; its meaning is in the table */
	uint64_t extra; /* a second one, 0 unless given */
	struct vgpu *gpu;
	enum phase phase;
	uint64_t since_ns;
	uint64_t readings;   /* of the clock, in this iteration */
	uint64_t reading_ns; /* what one costs */
	uint64_t ns[PHASES];
	uint64_t operations;
	uint64_t own_bytes; /* copied by the workload itself, not by the runtime */
	uint64_t checksum;
	void *reference; /* the CPU's result, computed once for all iterations */
	const char *mode;
	struct vgpu_usage usage; /* what the runtime counted in this iteration, or round */

	uint64_t rounds;          /* after the first; 0: an iteration closes what it opened */
	uint64_t round;           /* 0: the first */
	uint64_t cold_ns;         /* opening, allocating, and the first round */
	struct crossings cold;    /* of that */
	struct vgpu_usage before; /* of this round */
	struct vgpu_buffer *kept; /* what rounds share */
	unsigned int kept_count, kept_next; /* the next one that this round asks for */

	uint64_t fresh;    /* objects out of a hundred that are created anew each time */
	uint64_t programs; /* at once */
	uint64_t program;  /* of them */
};

struct workload {
	const char *name;
	uint64_t size;     /* default */
	uint64_t size_max;
	const char *unit;  /* what size counts */
	int (*iterate)(struct run *run);
};

extern const struct workload workloads_basic[], workloads_objects[], workloads_matrix[], workloads_stencil[], workloads_wavefront[],
	workloads_graph[], workloads_neural[], workloads_faults[]; /* each ends with a nameless one */

/* run.c. From here on, time counts for a new iteration, or for `phase` of it. */
void run_begin(struct run *run);
void phase_begin(struct run *run, enum phase phase);

/* Opens for PHASE_INIT; frees buffers and closes for PHASE_CLOSE. With rounds, what is open and allocated stays. */
int run_open(struct run *run);
void run_close(struct run *run, struct vgpu_buffer *buffers, unsigned int count);

/* Allocates `count` VRAM buffers for PHASE_ALLOC, or one elsewhere; a further round gets those of the first,
   overwritten. */
int run_alloc(struct run *run, struct vgpu_buffer *buffers, const uint64_t *bytes, unsigned int count);
int run_alloc_in(struct run *run, enum vgpu_domain domain, uint64_t bytes, struct vgpu_buffer *buffer);
/* With rounds: the buffer that all of them share, until another is requested. NULL, with run_failure(). */
struct vgpu_buffer *run_kept(struct run *run, enum vgpu_domain domain, uint64_t bytes);
/* What the runtime counted since this round began. */
struct vgpu_usage run_used(const struct run *run);
/* An iteration with its rounds; calls `told` for each that prints a line. 0, or -1 with run_failure(). */
int run_iteration(struct run *run, int (*iterate)(struct run *run), void (*told)(struct run *run, void *context),
		  void *context);
int run_launch(struct run *run, enum vgpu_kernel kernel, const uint64_t *args, uint32_t count);

/* The beginning of the reason of a wrong result, which distinguishes it from a failure. */
#define WRONG "wrong result: "

/* Remembers why the iteration failed; always returns -1. */
int run_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The GPU's or the runtime's own reason. */
int run_fail_gpu(const char *doing);
const char *run_failure(void);

/* input.c. Deterministic inputs: small integers, and floats in [1, 2). */
uint32_t input_u32(uint64_t index, uint32_t seed);
float input_float(uint64_t index, uint32_t seed);

/* n x n of those floats; to be freed. */
float *input_grid(uint64_t n, uint32_t seed);

void *must_alloc(uint64_t bytes);
uint64_t float_bits(float value);

/* check.c. Results are equal, or (floats) within 1e-4 of the larger: libm's last bits differ between CPU models. */
int check_equal(struct run *run, const void *got, const void *expected, uint64_t bytes);
int check_close(struct run *run, const float *got, const float *expected, uint64_t count);

/* print.c. The line of a successful iteration, and the output for a failed one. */
void print_iteration(const struct workload *workload, const struct run *run, unsigned long iteration);
void print_failure(const struct workload *workload, const struct run *run);

#endif
