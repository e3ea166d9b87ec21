/* From a mode's name to an open GPU. */
#include "boundary.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct boundary *const boundaries[] = {
	&boundary_native,    &boundary_passthrough, &boundary_mediated,
	&boundary_emulation, &boundary_pvdrm,       &boundary_forwarding,
};

/* The mode is set for the machine, as a driver would be: by vgpu-mode, or VGPU_MODE for one process. */
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
	if (!error)
		error = bounce_open(gpu);
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
	for (unsigned int i = 0; i < BOUNCES; i++)
		vgpu_free(gpu, &gpu->bounce[i]);
	vgpu_free(gpu, &gpu->fences);
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
