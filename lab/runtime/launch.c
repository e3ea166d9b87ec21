/* Commands on their way to the GPU, each followed by a fence. */
#include "boundary.h"

#include <errno.h>
#include <string.h>

/* Their page has slots for 64 fences: once 48 are pending, all but the last 32 are waited for. */
#define FENCES_OUT 48
#define FENCES_KEPT 32

int vgpu_command(struct vgpu *gpu, const struct vgpu_command *command)
{
	struct vgpu_command work[3];
	int error;

	if (gpu->boundary->ops->launch)
		return gpu->boundary->ops->launch(gpu, command);
	error = gpu->submitted - gpu->completed < FENCES_OUT ? 0 : fence_wait(gpu, gpu->submitted - FENCES_KEPT);
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
