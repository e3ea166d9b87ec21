/* An iteration's life, from opening the GPU to closing it, and how long each phase of it took. */
#include "workload.h"
#include "../machine/clock.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char failure[320];

int run_fail(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(failure, sizeof(failure), format, arguments);
	va_end(arguments);
	return -1;
}

const char *run_failure(void)
{
	return failure;
}

int run_fail_gpu(const char *doing)
{
	return run_fail("%s: %s", doing, vgpu_reason());
}

void run_begin(struct run *run)
{
	memset(run->ns, 0, sizeof(run->ns));
	run->operations = 0;
	run->own_bytes = 0;
	run->checksum = 0;
	run->phase = PHASE_NONE;
	run->readings = 1;
	run->since_ns = now_ns();
}

void phase_begin(struct run *run, enum phase phase)
{
	uint64_t now = now_ns();

	run->ns[run->phase] += now - run->since_ns;
	run->readings++;
	run->phase = phase;
	run->since_ns = now;
}

int run_open(struct run *run)
{
	int error;

	if (run->gpu)
		return 0;
	phase_begin(run, PHASE_INIT);
	error = vgpu_open(&run->gpu);
	phase_begin(run, PHASE_NONE);
	if (error)
		return run_fail_gpu("opening the GPU");
	run->mode = vgpu_mode(run->gpu);
	return 0;
}

static void close_all(struct run *run, struct vgpu_buffer *buffers, unsigned int count)
{
	phase_begin(run, PHASE_CLOSE);
	for (unsigned int i = 0; i < count; i++)
		vgpu_free(run->gpu, &buffers[i]);
	vgpu_close(run->gpu, &run->usage);
	phase_begin(run, PHASE_NONE);
	run->gpu = NULL;
}

void run_close(struct run *run, struct vgpu_buffer *buffers, unsigned int count)
{
	if (run->gpu && !run->rounds)
		close_all(run, buffers, count);
}

static int allocate(struct run *run, enum vgpu_domain domain, uint64_t bytes, struct vgpu_buffer *buffer)
{
	int error;

	phase_begin(run, PHASE_ALLOC);
	error = vgpu_alloc(run->gpu, bytes, domain, buffer);
	phase_begin(run, PHASE_NONE);
	return error ? run_fail_gpu("allocating") : 0;
}

struct vgpu_buffer *run_kept(struct run *run, enum vgpu_domain domain, uint64_t bytes)
{
	if (run->kept_next == run->kept_count) {
		struct vgpu_buffer *kept = realloc(run->kept, (run->kept_count + 1) * sizeof(*kept));

		if (!kept) {
			run_fail("out of memory");
			return NULL;
		}
		run->kept = kept;
		if (allocate(run, domain, bytes, &kept[run->kept_count]))
			return NULL;
		run->kept_count++;
	}
	return &run->kept[run->kept_next++];
}

int run_alloc_in(struct run *run, enum vgpu_domain domain, uint64_t bytes, struct vgpu_buffer *buffer)
{
	struct vgpu_buffer *kept;

	if (!run->rounds)
		return allocate(run, domain, bytes, buffer);
	kept = run_kept(run, domain, bytes);
	if (!kept)
		return -1;
	*buffer = *kept;
	return 0;
}

int run_alloc(struct run *run, struct vgpu_buffer *buffers, const uint64_t *bytes, unsigned int count)
{
	int error = 0;

	for (unsigned int i = 0; !error && i < count; i++)
		error = run_alloc_in(run, VGPU_VRAM, bytes[i], &buffers[i]);
	return error;
}

struct vgpu_usage run_used(const struct run *run)
{
	struct vgpu_usage used = run->gpu ? *vgpu_usage(run->gpu) : run->usage;

	used.launches -= run->before.launches;
	used.gpu_launches -= run->before.gpu_launches;
	used.copied_bytes -= run->before.copied_bytes;
	used.gpu_ns -= run->before.gpu_ns;
	for (int kind = 0; kind < CROSS_KINDS; kind++)
		used.crossings.count[kind] -= run->before.crossings.count[kind];
	return used;
}

/* The previous round's result must not pass for this one's. Outside what is timed and counted. */
static int spoil(struct run *run)
{
	for (unsigned int i = 0; i < run->kept_count; i++) {
		const struct vgpu_buffer *buffer = &run->kept[i];
		struct vgpu_command fill = {
			.header = { .opcode = VGPU_FILL, .bytes = sizeof(fill.header) + sizeof(fill.fill) },
			.fill = { .to = buffer->address, .bytes = buffer->bytes, .value = 0xdeadbeefdeadbeef },
		};

		if (buffer->domain != VGPU_VRAM)
			continue;
		if (vgpu_command(run->gpu, &fill) || vgpu_wait(run->gpu))
			return run_fail_gpu("spoiling a buffer");
	}
	return 0;
}

static int round_begin(struct run *run)
{
	int error = run->round ? spoil(run) : 0;

	memset(&run->before, 0, sizeof(run->before));
	if (run->gpu)
		run->before = *vgpu_usage(run->gpu);
	run->kept_next = 0;
	run_begin(run);
	return error;
}

static void cold_end(struct run *run)
{
	run->cold_ns = 0;
	for (int phase = PHASE_INIT; phase < PHASES; phase++)
		run->cold_ns += run->ns[phase];
	run->cold = run_used(run).crossings;
}

int run_iteration(struct run *run, int (*iterate)(struct run *run), void (*told)(struct run *run, void *context),
		  void *context)
{
	int error = 0;

	run->kept_count = 0;
	for (run->round = 0; !error && run->round <= run->rounds; run->round++) {
		error = round_begin(run);
		if (!error)
			error = iterate(run);
		if (error)
			break;
		run->usage = run_used(run);
		if (run->rounds && !run->round)
			cold_end(run);
		else
			told(run, context);
	}
	if (run->gpu)
		close_all(run, run->kept, run->kept_count);
	free(run->kept);
	run->kept = NULL;
	return error;
}

int run_launch(struct run *run, enum vgpu_kernel kernel, const uint64_t *args, uint32_t count)
{
	return vgpu_launch(run->gpu, kernel, args, count) ? run_fail_gpu("launching") : 0;
}
