#include "fuzz.h"

static uint64_t state = 1;

void chance_seed(uint64_t seed)
{
	state = seed | 1;
}

uint64_t rnd(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

uint64_t below(uint64_t n)
{
	return rnd() % n;
}

uint64_t address(void)
{
	switch (below(6)) {
	case 0:
		return rnd();
	case 1:
		return VGPU_CANARY + below(2 * VGPU_PAGE) - VGPU_PAGE;
	case 2:
		return VGPU_HEAP + SLICE + below(128) - 64;
	default:
		return VGPU_HEAP + (below(SLICE) & ~7ull);
	}
}

uint32_t make_command(struct vgpu_command *command)
{
	static const uint16_t opcodes[] = { VGPU_NOP, VGPU_MEMBAR, VGPU_FENCE, VGPU_COPY, VGPU_FILL, VGPU_LAUNCH, 99 };

	for (unsigned int i = 0; i < sizeof(*command) / 8; i++)
		((uint64_t *)command)[i] = address();
	command->header.opcode = opcodes[below(7)];
	command->header.bytes = (uint16_t)(below(20) ? 8 * (1 + below(VGPU_COMMAND_MAX / 8)) : rnd());
	if (command->header.opcode == VGPU_COPY || command->header.opcode == VGPU_FILL) {
		command->header.bytes = 32;
		command->copy.bytes = command->copy.from = below(8) ? below(20000) : rnd();
		if (command->header.opcode == VGPU_COPY)
			command->copy.from = address();
	} else if (command->header.opcode == VGPU_LAUNCH) {
		command->header.bytes = VGPU_COMMAND_MAX;
		command->launch.kernel = (uint32_t)below(VGPU_KERNELS + 1);
		command->launch.args = (uint32_t)below(8);
		for (unsigned int i = 1; i < VGPU_ARGS_MAX; i++)
			if (below(2))
				command->launch.arg[i] = below(50) ? below(64) : rnd();
	} else if (command->header.opcode == VGPU_FENCE) {
		command->header.bytes = 24;
	}
	return command->header.bytes;
}
