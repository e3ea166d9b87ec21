/* Shared by the parts of the fuzzer: randomness, random commands, and what must hold after each. */
#ifndef VGPU_FUZZ_H
#define VGPU_FUZZ_H

#include "../dom0/card.h"
#include "../gpu/gpu.h"

/* The slice of the guest under test, at the heap's start; its neighbour's follows. */
#define SLICE (2ull << 20)

/* The host's memory. The GPU may reach its lower half if a test says so, and the upper half never. */
#define FUZZ_RAM (1ull << 20)

/* fuzz-target.c: the GPU, dom0's view of it, and what must hold whatever a guest does. */
extern struct gpu gpu;
extern struct card card;
void must(int holds, const char *what);
/* Checks that the canary's page, and the half of the host's memory that is off limits to the GPU, are
   unchanged. */
void check_canary(void);
void check_host(void);

/* fuzz-chance.c: xorshift, from a seed: a run can be repeated. */
void chance_seed(uint64_t seed);
uint64_t rnd(void);
uint64_t below(uint64_t n);
/* Mostly near something that matters, sometimes anything. */
uint64_t address(void);
/* Returns the length in its header, which may be wrong. */
uint32_t make_command(struct vgpu_command *command);

/* fuzz-contexts.c: not random, because two guests are needed. */
void check_contexts(void);

/* Each works until `until` (by now_ns) and returns its number of rounds. */
uint64_t fuzz_engine(uint64_t until);
uint64_t fuzz_mediator(uint64_t until);
void fuzz_backends(uint64_t until, uint64_t *pvdrm, uint64_t *forwarding);

#endif
