#include "scan.h"

uint32_t scan_command(const struct slice *slice, const struct vgpu_command *command)
{
	struct vgpu_span spans[VGPU_SPANS_MAX];
	int count = vgpu_command_spans(command, spans);

	if (count < 0)
		return (uint32_t)-count;
	for (int i = 0; i < count; i++)
		if (!vgpu_span_inside(&spans[i], slice->base, slice->bytes))
			return VGPU_FAULT_PAGE;
	return VGPU_FAULT_NONE;
}
