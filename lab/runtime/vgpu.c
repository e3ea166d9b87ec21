#include "boundary.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HANG_MS_DEFAULT 10000
#define WATCHED_MS 60000 /* seven guests with kernels of seconds, on a busy host */

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

uint64_t vgpu_hang_ns(const struct vgpu *gpu)
{
	const char *given = gpu->boundary->watched ? NULL : getenv("VGPU_HANG_MS");
	long otherwise = gpu->boundary->watched ? WATCHED_MS : HANG_MS_DEFAULT;
	long ms = given ? atol(given) : otherwise;

	return (uint64_t)(ms > 0 ? ms : otherwise) * 1000000ull;
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
	if (!error && boundary->ops->submit)
		error = fence_open(gpu);
	if (error) {
		boundary->ops->close(gpu);
		free(gpu);
		return error;
	}
	*out = gpu;
	return 0;
}

void vgpu_close(struct vgpu *gpu, struct vgpu_usage *usage)
{
	if (gpu->fences.bytes)
		gpu->boundary->ops->free(gpu, &gpu->fences);
	gpu->boundary->ops->close(gpu);
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
	return gpu->boundary->ops->alloc(gpu, buffer);
}

void vgpu_free(struct vgpu *gpu, struct vgpu_buffer *buffer)
{
	if (buffer->bytes)
		gpu->boundary->ops->free(gpu, buffer);
	*buffer = (struct vgpu_buffer){ 0 };
}

int vgpu_map(struct vgpu *gpu, struct vgpu_buffer *buffer)
{
	return gpu->boundary->ops->map(gpu, buffer);
}

int vgpu_unmap(struct vgpu *gpu, struct vgpu_buffer *buffer)
{
	return gpu->boundary->ops->unmap ? gpu->boundary->ops->unmap(gpu, buffer) : 0;
}

int vgpu_command(struct vgpu *gpu, const struct vgpu_command *command)
{
	struct vgpu_command work[3];
	int error;

	if (gpu->boundary->ops->launch)
		return gpu->boundary->ops->launch(gpu, command);
	error = gpu->submitted - gpu->completed < 48 ? 0 : fence_wait(gpu, gpu->submitted - 32);
	if (error)
		return error;
	gpu->submitted++;
	work[0] = (struct vgpu_command){ .header = { .opcode = VGPU_MEMBAR, .bytes = sizeof(struct vgpu_header) } };
	work[1] = *command;
	work[2] = fence_command(gpu);
	return gpu->boundary->ops->submit(gpu, work, 3);
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
	return gpu->boundary->ops->wait ? gpu->boundary->ops->wait(gpu) : fence_wait(gpu, gpu->submitted);
}

int vgpu_copy_to(struct vgpu *gpu, struct vgpu_buffer *to, const void *from, uint64_t bytes)
{
	return buffer_copy(gpu, to, (void *)(uintptr_t)from, bytes, 1);
}

int vgpu_copy_from(struct vgpu *gpu, void *to, struct vgpu_buffer *from, uint64_t bytes)
{
	return buffer_copy(gpu, from, to, bytes, 0);
}
