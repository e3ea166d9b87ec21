/* An iteration's life, from opening the GPU to closing it, and how long each phase of it took. */
#include "workload.h"
#include "../machine/clock.h"

#include <stdarg.h>
#include <stdio.h>
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

	phase_begin(run, PHASE_INIT);
	error = vgpu_open(&run->gpu);
	phase_begin(run, PHASE_NONE);
	if (error)
		return run_fail_gpu("opening the GPU");
	run->mode = vgpu_mode(run->gpu);
	return 0;
}

void run_close(struct run *run, struct vgpu_buffer *buffers, unsigned int count)
{
	if (!run->gpu)
		return;
	phase_begin(run, PHASE_CLOSE);
	for (unsigned int i = 0; i < count; i++)
		vgpu_free(run->gpu, &buffers[i]);
	vgpu_close(run->gpu, &run->usage);
	phase_begin(run, PHASE_NONE);
	run->gpu = NULL;
}

int run_alloc(struct run *run, struct vgpu_buffer *buffers, const uint64_t *bytes, unsigned int count)
{
	int error = 0;

	phase_begin(run, PHASE_ALLOC);
	for (unsigned int i = 0; !error && i < count; i++)
		error = vgpu_alloc(run->gpu, bytes[i], VGPU_VRAM, &buffers[i]);
	phase_begin(run, PHASE_NONE);
	return error ? run_fail_gpu("allocating") : 0;
}

int run_launch(struct run *run, enum vgpu_kernel kernel, const uint64_t *args, uint32_t count)
{
	return vgpu_launch(run->gpu, kernel, args, count) ? run_fail_gpu("launching") : 0;
}
