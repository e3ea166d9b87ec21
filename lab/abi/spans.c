#include "spans.h"

#include <string.h>

#define SIDE_MAX 8192ull
#define COUNT_MAX (16ull << 20)
#define BYTES_MAX ((uint64_t)VGPU_WINDOW)

static const uint8_t kernel_args[VGPU_KERNELS] = {
	[VGPU_KERNEL_NOP] = 0,         [VGPU_KERNEL_LOOP] = 3,       [VGPU_KERNEL_MADD] = 4,
	[VGPU_KERNEL_MMUL] = 4,        [VGPU_KERNEL_FMADD] = 4,      [VGPU_KERNEL_FMMUL] = 4,
	[VGPU_KERNEL_HOTSPOT] = 4,     [VGPU_KERNEL_BFS] = 7,        [VGPU_KERNEL_NN] = 5,
	[VGPU_KERNEL_NW] = 5,          [VGPU_KERNEL_LUD] = 3,        [VGPU_KERNEL_SRAD_COEFF] = 4,
	[VGPU_KERNEL_SRAD_STEP] = 5,   [VGPU_KERNEL_LAYER] = 5,      [VGPU_KERNEL_ADJUST] = 6,
};

static int put(struct vgpu_span *spans, int count, uint64_t address, uint64_t bytes, int writes)
{
	spans[count] = (struct vgpu_span){ .address = address, .bytes = bytes, .writes = writes };
	return count + 1;
}

static int square(struct vgpu_span *spans, const uint64_t *arg, int inputs, uint64_t n)
{
	int count;

	if (n == 0 || n > SIDE_MAX)
		return -VGPU_FAULT_KERNEL;
	count = put(spans, 0, arg[0], n * n * 4, 1);
	for (int i = 1; i <= inputs; i++)
		count = put(spans, count, arg[i], n * n * 4, 0);
	return count;
}

static int bfs(struct vgpu_span *spans, const uint64_t *arg)
{
	int count;

	if (arg[4] == 0 || arg[4] > COUNT_MAX || arg[5] == 0 || arg[5] > COUNT_MAX)
		return -VGPU_FAULT_KERNEL;
	count = put(spans, 0, arg[0], (arg[4] + 1) * 4, 0);
	count = put(spans, count, arg[1], arg[5] * 4, 0);
	count = put(spans, count, arg[2], arg[4] * 4, 1);
	return put(spans, count, arg[3], 4, 1);
}

static int nn(struct vgpu_span *spans, const uint64_t *arg)
{
	if (arg[2] == 0 || arg[2] > COUNT_MAX)
		return -VGPU_FAULT_KERNEL;
	return put(spans, put(spans, 0, arg[0], arg[2] * 4, 1), arg[1], arg[2] * 8, 0);
}

static int nw(struct vgpu_span *spans, const uint64_t *arg)
{
	uint64_t side = arg[2] + 1;

	if (arg[2] == 0 || arg[2] > SIDE_MAX || arg[3] >= 2 * arg[2] || arg[4] > 1000)
		return -VGPU_FAULT_KERNEL;
	return put(spans, put(spans, 0, arg[0], side * side * 4, 1), arg[1], side * side * 4, 0);
}

static int lud(struct vgpu_span *spans, const uint64_t *arg)
{
	if (arg[1] == 0 || arg[1] > SIDE_MAX || arg[2] >= arg[1])
		return -VGPU_FAULT_KERNEL;
	return put(spans, 0, arg[0], arg[1] * arg[1] * 4, 1);
}

static int layer(struct vgpu_span *spans, const uint64_t *arg, int adjust)
{
	uint64_t inputs = arg[3], outputs = arg[4];
	int count;

	if (inputs == 0 || inputs > COUNT_MAX || outputs == 0 || outputs > 1024 ||
	    (inputs + 1) * outputs > COUNT_MAX)
		return -VGPU_FAULT_KERNEL;
	if (adjust) {
		count = put(spans, 0, arg[0], (inputs + 1) * outputs * 4, 1);
		count = put(spans, count, arg[1], inputs * 4, 0);
		return put(spans, count, arg[2], outputs * 4, 0);
	}
	count = put(spans, 0, arg[0], outputs * 4, 1);
	count = put(spans, count, arg[1], inputs * 4, 0);
	return put(spans, count, arg[2], (inputs + 1) * outputs * 4, 0);
}

static int kernel_spans(const struct vgpu_command *command, struct vgpu_span *spans)
{
	uint32_t kernel = command->launch.kernel;
	const uint64_t *arg = command->launch.arg;

	if (kernel >= VGPU_KERNELS || command->launch.args != kernel_args[kernel])
		return -VGPU_FAULT_KERNEL;
	switch (kernel) {
	case VGPU_KERNEL_NOP:
		return 0;
	case VGPU_KERNEL_LOOP:
		return put(spans, 0, arg[0], 8, 1);
	case VGPU_KERNEL_MADD:
	case VGPU_KERNEL_MMUL:
	case VGPU_KERNEL_FMADD:
	case VGPU_KERNEL_FMMUL:
	case VGPU_KERNEL_HOTSPOT:
		return square(spans, arg, 2, arg[3]);
	case VGPU_KERNEL_BFS:
		return bfs(spans, arg);
	case VGPU_KERNEL_NN:
		return nn(spans, arg);
	case VGPU_KERNEL_NW:
		return nw(spans, arg);
	case VGPU_KERNEL_LUD:
		return lud(spans, arg);
	case VGPU_KERNEL_SRAD_COEFF:
		return square(spans, arg, 1, arg[2]);
	case VGPU_KERNEL_SRAD_STEP:
		return square(spans, arg, 2, arg[3]);
	default:
		return layer(spans, arg, kernel == VGPU_KERNEL_ADJUST);
	}
}

static int spans_of(const struct vgpu_command *command, struct vgpu_span spans[VGPU_SPANS_MAX])
{
	switch (command->header.opcode) {
	case VGPU_NOP:
	case VGPU_MEMBAR:
	case VGPU_HANG:
		return 0;
	case VGPU_FENCE:
		return put(spans, 0, command->fence.address, sizeof(struct vgpu_fence), 1);
	case VGPU_COPY:
		if (command->copy.bytes > BYTES_MAX)
			return -VGPU_FAULT_COMMAND;
		return put(spans, put(spans, 0, command->copy.to, command->copy.bytes, 1), command->copy.from,
			   command->copy.bytes, 0);
	case VGPU_FILL:
		if (command->fill.bytes > BYTES_MAX)
			return -VGPU_FAULT_COMMAND;
		return put(spans, 0, command->fill.to, command->fill.bytes, 1);
	case VGPU_LAUNCH:
		return kernel_spans(command, spans);
	default:
		return -VGPU_FAULT_COMMAND;
	}
}

static int words_needed(uint16_t opcode)
{
	return opcode == VGPU_FENCE || opcode == VGPU_LAUNCH;
}

int vgpu_command_spans(const struct vgpu_command *command, struct vgpu_span spans[VGPU_SPANS_MAX])
{
	int count = spans_of(command, spans);

	for (int i = 0; i < count; i++)
		if (words_needed(command->header.opcode) && spans[i].address % 8)
			return -VGPU_FAULT_KERNEL;
	return count;
}

int vgpu_span_inside(const struct vgpu_span *span, uint64_t base, uint64_t bytes)
{
	return span->address >= base && span->bytes <= bytes && span->address - base <= bytes - span->bytes;
}

static uint32_t body_bytes(const struct vgpu_command *command)
{
	switch (command->header.opcode) {
	case VGPU_FENCE:
		return sizeof(command->fence);
	case VGPU_COPY:
		return sizeof(command->copy);
	case VGPU_FILL:
		return sizeof(command->fill);
	case VGPU_LAUNCH:
		return command->launch.args > VGPU_ARGS_MAX ? UINT32_MAX / 2 : 8 + 8 * command->launch.args;
	default:
		return 0;
	}
}

static void ring_read(const volatile uint8_t *ring, uint32_t ring_bytes, uint32_t at, void *to, uint32_t bytes)
{
	uint8_t *out = to;

	for (uint32_t i = 0; i < bytes; i++)
		out[i] = ring[(at + i) & (ring_bytes - 1)];
}

int vgpu_command_fetch(const volatile uint8_t *ring, uint32_t ring_bytes, uint32_t head, uint32_t available,
		       struct vgpu_command *command)
{
	struct vgpu_header header;

	memset(command, 0, sizeof(*command));
	if (available < sizeof(header))
		return 0;
	ring_read(ring, ring_bytes, head, &header, sizeof(header));
	if (header.bytes < sizeof(header) || header.bytes > VGPU_COMMAND_MAX || header.bytes % 8)
		return -VGPU_FAULT_COMMAND;
	if (header.bytes > available)
		return 0;
	ring_read(ring, ring_bytes, head, command, header.bytes);
	command->header = header;
	if (sizeof(header) + body_bytes(command) > header.bytes)
		return -VGPU_FAULT_COMMAND;
	return header.bytes;
}
