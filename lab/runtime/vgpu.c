#include "boundary.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define BOUNCE_MAX (1ull << 20)
#define HANG_MS_DEFAULT 10000

static char reason[256] = "no error";

const char *vgpu_reason(void)
{
	return reason;
}

int vgpu_fail(int error, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(reason, sizeof(reason), format, arguments);
	va_end(arguments);
	return -error;
}

void vgpu_cross(struct vgpu *gpu, enum crossing kind)
{
	gpu->usage.crossings.count[kind]++;
	crossings_count(gpu->shared, kind);
}

uint64_t vgpu_now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000ull + (uint64_t)now.tv_nsec;
}

uint64_t vgpu_hang_ns(void)
{
	const char *given = getenv("VGPU_HANG_MS");
	long ms = given ? atol(given) : HANG_MS_DEFAULT;

	return (uint64_t)(ms > 0 ? ms : HANG_MS_DEFAULT) * 1000000ull;
}

void vgpu_nap(void)
{
	const struct timespec nap = { .tv_nsec = 50000 };

	nanosleep(&nap, NULL);
}

static const struct boundary *const boundaries[] = {
	&boundary_native,    &boundary_passthrough, &boundary_mediated,
	&boundary_emulation, &boundary_pvdrm,       &boundary_forwarding,
};

/* The mode is the machine's, as a driver would be: set by vgpu-mode, or VGPU_MODE for one process. */
static void mode_read(char *mode, size_t size)
{
	const char *given = getenv("VGPU_MODE");
	FILE *file = given ? NULL : fopen(VGPU_RUN "/mode", "re");

	snprintf(mode, size, "%s", given ? given : "none");
	if (!file)
		return;
	if (fgets(mode, (int)size, file))
		mode[strcspn(mode, " \n")] = 0;
	fclose(file);
}

static const struct boundary *boundary_find(void)
{
	char mode[32];

	mode_read(mode, sizeof(mode));
	for (size_t i = 0; i < sizeof(boundaries) / sizeof(boundaries[0]); i++)
		if (!strcmp(boundaries[i]->mode, mode))
			return boundaries[i];
	vgpu_fail(ENODEV, "no boundary named \"%s\": run vgpu-mode MODE first, or set VGPU_MODE", mode);
	return NULL;
}

int vgpu_open(struct vgpu **out)
{
	const struct boundary *boundary = boundary_find();
	struct vgpu *gpu;
	int error;

	if (!boundary)
		return -ENODEV;
	gpu = calloc(1, sizeof(*gpu));
	if (!gpu)
		return vgpu_fail(ENOMEM, "out of memory");
	gpu->boundary = boundary;
	gpu->shared = crossings_open("guest");
	error = boundary->open(gpu);
	if (!error && boundary->submit)
		error = fence_open(gpu);
	if (error) {
		boundary->close(gpu);
		free(gpu);
		return error;
	}
	*out = gpu;
	return 0;
}

void vgpu_close(struct vgpu *gpu, struct vgpu_usage *usage)
{
	if (gpu->fences.bytes)
		gpu->boundary->free(gpu, &gpu->fences);
	gpu->boundary->close(gpu);
	if (usage)
		*usage = gpu->usage;
	free(gpu);
}

const char *vgpu_mode(const struct vgpu *gpu)
{
	return gpu->boundary->mode;
}

const struct vgpu_usage *vgpu_usage(const struct vgpu *gpu)
{
	return &gpu->usage;
}

int vgpu_alloc(struct vgpu *gpu, uint64_t bytes, enum vgpu_domain domain, struct vgpu_buffer *buffer)
{
	*buffer = (struct vgpu_buffer){ .bytes = bytes, .domain = domain };
	if (bytes == 0 || bytes > VGPU_WINDOW)
		return vgpu_fail(EINVAL, "a buffer of %llu bytes", (unsigned long long)bytes);
	return gpu->boundary->alloc(gpu, buffer);
}

void vgpu_free(struct vgpu *gpu, struct vgpu_buffer *buffer)
{
	if (buffer->bytes)
		gpu->boundary->free(gpu, buffer);
	*buffer = (struct vgpu_buffer){ 0 };
}

int vgpu_map(struct vgpu *gpu, struct vgpu_buffer *buffer)
{
	return gpu->boundary->map(gpu, buffer);
}

int vgpu_unmap(struct vgpu *gpu, struct vgpu_buffer *buffer)
{
	return gpu->boundary->unmap ? gpu->boundary->unmap(gpu, buffer) : 0;
}

int vgpu_command(struct vgpu *gpu, const struct vgpu_command *command)
{
	struct vgpu_command work[3];
	int error;

	if (gpu->boundary->launch)
		return gpu->boundary->launch(gpu, command);
	error = gpu->submitted - gpu->completed < 48 ? 0 : fence_wait(gpu, gpu->submitted - 32);
	if (error)
		return error;
	gpu->submitted++;
	work[0] = (struct vgpu_command){ .header = { .opcode = VGPU_MEMBAR, .bytes = sizeof(struct vgpu_header) } };
	work[1] = *command;
	work[2] = fence_command(gpu);
	return gpu->boundary->submit(gpu, work, 3);
}

int vgpu_launch(struct vgpu *gpu, enum vgpu_kernel kernel, const uint64_t *args, uint32_t count)
{
	struct vgpu_command command = { .header = { .opcode = VGPU_LAUNCH } };

	if (count > VGPU_ARGS_MAX)
		return vgpu_fail(EINVAL, "%u arguments", count);
	command.header.bytes = (uint16_t)(sizeof(command.header) + 8 + 8 * count);
	command.launch.kernel = kernel;
	command.launch.args = count;
	memcpy(command.launch.arg, args, 8 * count);
	gpu->usage.launches++;
	return vgpu_command(gpu, &command);
}

int vgpu_wait(struct vgpu *gpu)
{
	return gpu->boundary->wait ? gpu->boundary->wait(gpu) : fence_wait(gpu, gpu->submitted);
}

static int gpu_copy(struct vgpu *gpu, uint64_t to, uint64_t from, uint64_t bytes)
{
	struct vgpu_command command = {
		.header = { .opcode = VGPU_COPY, .bytes = sizeof(command.header) + sizeof(command.copy) },
		.copy = { .to = to, .from = from, .bytes = bytes },
	};
	int error = vgpu_command(gpu, &command);

	return error ? error : vgpu_wait(gpu);
}

/* Eight bytes at a time, so that a trapped copy is as many crossings as a driver's would be. */
static void words_copy(void *to, const void *from, uint64_t bytes)
{
	volatile uint64_t *out = to;
	const volatile uint64_t *in = from;

	for (uint64_t i = 0; i < bytes / 8; i++)
		out[i] = in[i];
	for (uint64_t i = bytes & ~7ull; i < bytes; i++)
		((volatile uint8_t *)to)[i] = ((const volatile uint8_t *)from)[i];
}

static uint64_t words(uint64_t bytes)
{
	return bytes / 8 + bytes % 8;
}

static int copy_direct(struct vgpu *gpu, struct vgpu_buffer *buffer, void *cpu, uint64_t bytes, int to_gpu)
{
	enum crossing kind = to_gpu ? CROSS_VRAM_WRITE : CROSS_VRAM_READ;
	int error = vgpu_map(gpu, buffer);

	if (error)
		return error;
	words_copy(to_gpu ? buffer->data : cpu, to_gpu ? cpu : buffer->data, bytes);
	for (uint64_t i = 0; i < words(bytes); i++)
		vgpu_cross(gpu, kind);
	return vgpu_unmap(gpu, buffer);
}

/* One bounce buffer per call, as Gdev allocates them: its life is part of a copy's cost. */
static int copy_bounced(struct vgpu *gpu, struct vgpu_buffer *buffer, uint8_t *cpu, uint64_t bytes, int to_gpu)
{
	uint64_t piece = bytes < BOUNCE_MAX ? bytes : BOUNCE_MAX;
	struct vgpu_buffer bounce;
	int error = vgpu_alloc(gpu, piece, VGPU_GART, &bounce);

	if (error)
		return error;
	error = vgpu_map(gpu, &bounce);
	for (uint64_t done = 0; !error && done < bytes; done += piece) {
		uint64_t part = bytes - done < piece ? bytes - done : piece;

		if (to_gpu)
			memcpy(bounce.data, cpu + done, part);
		error = to_gpu ? gpu_copy(gpu, buffer->address + done, bounce.address, part)
			       : gpu_copy(gpu, bounce.address, buffer->address + done, part);
		if (!error && !to_gpu)
			memcpy(cpu + done, bounce.data, part);
	}
	vgpu_free(gpu, &bounce);
	return error;
}

static int copy(struct vgpu *gpu, struct vgpu_buffer *buffer, void *cpu, uint64_t bytes, int to_gpu)
{
	if (bytes > buffer->bytes)
		return vgpu_fail(EINVAL, "a copy of %llu bytes to or from a buffer of %llu",
				 (unsigned long long)bytes, (unsigned long long)buffer->bytes);
	if (bytes == 0)
		return 0;
	gpu->usage.copied_bytes += bytes;
	if (gpu->boundary->copy_to)
		return to_gpu ? gpu->boundary->copy_to(gpu, buffer, cpu, bytes)
			      : gpu->boundary->copy_from(gpu, cpu, buffer, bytes);
	if (gpu->boundary->direct_copy)
		return copy_direct(gpu, buffer, cpu, bytes, to_gpu);
	return copy_bounced(gpu, buffer, cpu, bytes, to_gpu);
}

int vgpu_copy_to(struct vgpu *gpu, struct vgpu_buffer *to, const void *from, uint64_t bytes)
{
	return copy(gpu, to, (void *)(uintptr_t)from, bytes, 1);
}

int vgpu_copy_from(struct vgpu *gpu, void *to, struct vgpu_buffer *from, uint64_t bytes)
{
	return copy(gpu, from, to, bytes, 0);
}
