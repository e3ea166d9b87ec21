/* Buffers, as the boundary makes and maps them. */
#include "boundary.h"

#include <errno.h>

int vgpu_alloc(struct vgpu *gpu, uint64_t bytes, enum vgpu_domain domain, struct vgpu_buffer *buffer)
{
	int error;

	*buffer = (struct vgpu_buffer){ .bytes = bytes, .domain = domain };
	if (bytes == 0 || bytes > VGPU_WINDOW)
		return vgpu_fail(EINVAL, "a buffer of %llu bytes", (unsigned long long)bytes);
	error = gpu->boundary->ops->alloc(gpu, buffer);
	if (error || domain != VGPU_VRAM || bytes > MAPPED_MAX || !shares_memory(gpu))
		return error;
	error = vgpu_map(gpu, buffer);
	if (error)
		vgpu_free(gpu, buffer);
	return error;
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
