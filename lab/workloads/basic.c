/* nop, loop, cpy, pincpy: the costs of reaching the GPU itself; control, which never uses the GPU. */
#include "workload.h"

#include <stdlib.h>
#include <string.h>

/* A kernel that does nothing, `size` times, each waited for. */
static int nop_on_gpu(struct run *run)
{
	if (run_open(run))
		return -1;
	phase_begin(run, PHASE_LAUNCH);
	for (uint64_t i = 0; i < run->size; i++) {
		if (run_launch(run, VGPU_KERNEL_NOP, NULL, 0))
			return -1;
		if (vgpu_wait(run->gpu))
			return run_fail_gpu("waiting");
	}
	phase_begin(run, PHASE_NONE);
	return 0;
}

static int nop(struct run *run)
{
	int error = nop_on_gpu(run);

	if (!error && run_used(run).gpu_launches != run->size)
		error = run_fail(WRONG "the GPU counts %llu launches, not %llu",
				 (unsigned long long)run_used(run).gpu_launches, (unsigned long long)run->size);
	run_close(run, NULL, 0);
	run->operations = run->size;
	return error;
}

#define LOOP_FACTOR 6364136223846793005ull
#define LOOP_TERM 1442695040888963407ull

/* x -> a x + c, n times at once, by squaring the map: the expected result of LOOP's kernel. */
static uint64_t loop_expected(uint64_t x, uint64_t n)
{
	uint64_t a = LOOP_FACTOR, c = LOOP_TERM;

	for (; n; n >>= 1) {
		if (n & 1)
			x = a * x + c;
		c = (a + 1) * c;
		a = a * a;
	}
	return x;
}

#define LOOP_SEED 0x5eed

/* One kernel of `size` thousand steps; EXTRA launches of it, one by default. */
static int loop_on_gpu(struct run *run, struct vgpu_buffer *out, uint64_t *value)
{
	uint64_t launches = run->extra ? run->extra : 1;

	if (run_open(run) || run_alloc(run, out, (uint64_t[]){ 8 }, 1))
		return -1;
	phase_begin(run, PHASE_LAUNCH);
	for (uint64_t i = 0; i < launches; i++) {
		if (run_launch(run, VGPU_KERNEL_LOOP, (uint64_t[]){ out->address, run->size * 1000, LOOP_SEED }, 3))
			return -1;
		if (vgpu_wait(run->gpu))
			return run_fail_gpu("waiting");
	}
	phase_begin(run, PHASE_DTOH);
	if (vgpu_copy_from(run->gpu, value, out, sizeof(*value)))
		return run_fail_gpu("copying from the device");
	phase_begin(run, PHASE_NONE);
	run->operations = run->size * 1000 * launches;
	return 0;
}

static int loop(struct run *run)
{
	struct vgpu_buffer out = { 0 };
	uint64_t expected = loop_expected(LOOP_SEED, run->size * 1000);
	uint64_t value = 0;
	int error = loop_on_gpu(run, &out, &value);

	run_close(run, &out, 1);
	return error ? error : check_equal(run, &value, &expected, sizeof(value));
}

/*
 * LOOP's steps on the CPU, with the GPU open but unused: if modes differ in this, the difference is in their
 * CPUs, or the clock. Its phase is that of the launch it replaces.
 */
static int control(struct run *run)
{
	uint64_t steps = run->size * 1000, value = LOOP_SEED, expected = loop_expected(LOOP_SEED, steps);

	if (run_open(run))
		return -1;
	phase_begin(run, PHASE_LAUNCH);
	for (uint64_t i = 0; i < steps; i++)
		value = value * LOOP_FACTOR + LOOP_TERM;
	phase_begin(run, PHASE_NONE);
	run_close(run, NULL, 0);
	run->operations = steps;
	return check_equal(run, &value, &expected, sizeof(value));
}

/* `size` KiB there and back, through the runtime's bounce buffers. */
static int cpy_on_gpu(struct run *run, struct vgpu_buffer *buffer, const void *in, void *out, uint64_t bytes)
{
	if (run_open(run) || run_alloc(run, buffer, &bytes, 1))
		return -1;
	phase_begin(run, PHASE_HTOD);
	if (vgpu_copy_to(run->gpu, buffer, in, bytes))
		return run_fail_gpu("copying to the device");
	phase_begin(run, PHASE_DTOH);
	if (vgpu_copy_from(run->gpu, out, buffer, bytes))
		return run_fail_gpu("copying from the device");
	phase_begin(run, PHASE_NONE);
	return 0;
}

static void fill_words(uint32_t *words, uint64_t bytes)
{
	for (uint64_t i = 0; i < bytes / 4; i++)
		words[i] = input_u32(i, 3);
}

static int cpy(struct run *run)
{
	struct vgpu_buffer buffer = { 0 };
	uint64_t bytes = run->size << 10;
	uint32_t *in = must_alloc(bytes), *out = must_alloc(bytes);
	int error;

	fill_words(in, bytes);
	error = cpy_on_gpu(run, &buffer, in, out, bytes);
	run_close(run, &buffer, 1);
	if (!error)
		error = check_equal(run, out, in, bytes);
	free(in);
	free(out);
	return error;
}

static int gpu_copy(struct run *run, uint64_t to, uint64_t from, uint64_t bytes)
{
	struct vgpu_command command = {
		.header = { .opcode = VGPU_COPY, .bytes = sizeof(command.header) + sizeof(command.copy) },
		.copy = { .to = to, .from = from, .bytes = bytes },
	};

	if (vgpu_command(run->gpu, &command) || vgpu_wait(run->gpu))
		return run_fail_gpu("copying on the device");
	return 0;
}

/* What is mapped stays so in further rounds: it is their own buffer, not a copy of it. NULL, with
   run_failure(). */
static struct vgpu_buffer *pinned_buffer(struct run *run, struct vgpu_buffer *own, uint64_t bytes)
{
	if (run->rounds)
		return run_kept(run, VGPU_GART, bytes);
	return run_alloc_in(run, VGPU_GART, bytes, own) ? NULL : own;
}

/* `size` KiB there and back through one mapped, pinned buffer that the program writes itself. */
static int pincpy_on_gpu(struct run *run, struct vgpu_buffer b[2], const void *in, void *out, uint64_t bytes)
{
	struct vgpu_buffer *pinned;

	if (run_open(run) || run_alloc(run, &b[0], &bytes, 1))
		return -1;
	pinned = pinned_buffer(run, &b[1], bytes);
	if (!pinned)
		return -1;
	phase_begin(run, PHASE_ALLOC);
	if (vgpu_map(run->gpu, pinned))
		return run_fail_gpu("mapping a pinned buffer");
	phase_begin(run, PHASE_HTOD);
	vgpu_store(run->gpu, pinned->data, in, bytes);
	if (vgpu_unmap(run->gpu, pinned))
		return run_fail_gpu("handing over a pinned buffer");
	if (gpu_copy(run, b[0].address, pinned->address, bytes))
		return -1;
	phase_begin(run, PHASE_DTOH);
	if (gpu_copy(run, pinned->address, b[0].address, bytes))
		return -1;
	if (vgpu_map(run->gpu, pinned))
		return run_fail_gpu("mapping a pinned buffer");
	vgpu_load(run->gpu, out, pinned->data, bytes);
	phase_begin(run, PHASE_NONE);
	run->own_bytes = 2 * bytes;
	return 0;
}

static int pincpy(struct run *run)
{
	struct vgpu_buffer buffers[2] = { 0 };
	uint64_t bytes = run->size << 10;
	uint32_t *in = must_alloc(bytes), *out = must_alloc(bytes);
	int error;

	fill_words(in, bytes);
	error = pincpy_on_gpu(run, buffers, in, out, bytes);
	run_close(run, buffers, 2);
	if (!error)
		error = check_equal(run, out, in, bytes);
	free(in);
	free(out);
	return error;
}

const struct workload workloads_basic[] = {
	{ "nop", 10, 100000, "launches", nop },
	{ "loop", 1000, 100000000, "thousand steps", loop },
	{ "control", 1000, 1000000, "thousand steps", control },
	{ "cpy", 1024, 32768, "KiB", cpy },
	{ "pincpy", 1024, 16384, "KiB", pincpy },
	{ 0 },
};
