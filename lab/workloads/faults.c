/* wrong, hang: deliberate but real faults, to test whatever must notice them. */
#include "workload.h"

#define LOOP_SEED 0x5eedu

/* A kernel whose result the GPU itself overwrites before it is read: `size` thousand useless steps. */
static int wrong_on_gpu(struct run *run, struct vgpu_buffer *out, uint64_t *value)
{
	struct vgpu_command spoil = {
		.header = { .opcode = VGPU_FILL, .bytes = sizeof(spoil.header) + sizeof(spoil.fill) },
	};

	if (run_open(run) || run_alloc(run, out, (uint64_t[]){ sizeof(*value) }, 1))
		return -1;
	spoil.fill.to = out->address;
	spoil.fill.bytes = sizeof(*value);
	phase_begin(run, PHASE_LAUNCH);
	if (run_launch(run, VGPU_KERNEL_LOOP, (uint64_t[]){ out->address, run->size * 1000, LOOP_SEED }, 3))
		return -1;
	if (vgpu_command(run->gpu, &spoil) || vgpu_wait(run->gpu))
		return run_fail_gpu("waiting");
	phase_begin(run, PHASE_DTOH);
	if (vgpu_copy_from(run->gpu, value, out, sizeof(*value)))
		return run_fail_gpu("copying from the device");
	phase_begin(run, PHASE_NONE);
	return 0;
}

static int wrong(struct run *run)
{
	const uint64_t expected = ~0ull; /* anything but the 0 that the GPU leaves there */
	struct vgpu_buffer out = { 0 };
	uint64_t value = expected;
	int error = wrong_on_gpu(run, &out, &value);

	run_close(run, &out, 1);
	return error ? error : check_equal(run, &value, &expected, sizeof(value));
}

/* A command that never ends. Whoever monitors the GPU stops it; otherwise this waits for VGPU_HANG_MS. */
static int hang(struct run *run)
{
	struct vgpu_command command = { .header = { .opcode = VGPU_HANG, .bytes = sizeof(command.header) } };
	int error = run_open(run);

	if (error)
		return error;
	phase_begin(run, PHASE_LAUNCH);
	if (vgpu_command(run->gpu, &command) || vgpu_wait(run->gpu))
		error = run_fail_gpu("waiting");
	run_close(run, NULL, 0);
	return error;
}

const struct workload workloads_faults[] = {
	{ "wrong", 1000, 100000000, "thousand steps", wrong },
	{ "hang", 1, 1, "hang", hang },
	{ 0 },
};
