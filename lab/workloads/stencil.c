/* hotspot and srad: Rodinia's stencils, one or two launches per step. SIZE is the side, EXTRA the steps. */
#include "workload.h"

#include <stdlib.h>

#define STEPS_DEFAULT 10

static uint64_t steps_of(const struct run *run)
{
	return run->extra ? run->extra : STEPS_DEFAULT;
}

static float near(const float *grid, uint64_t n, int64_t y, int64_t x)
{
	if (y < 0)
		y = 0;
	if (x < 0)
		x = 0;
	if (y >= (int64_t)n)
		y = (int64_t)n - 1;
	if (x >= (int64_t)n)
		x = (int64_t)n - 1;
	return grid[y * (int64_t)n + x];
}

static void swap(float **a, float **b)
{
	float *old = *a;

	*a = *b;
	*b = old;
}

static float *hotspot_reference(uint64_t n, uint64_t steps)
{
	float *t = input_grid(n, 4), *power = input_grid(n, 5), *next = must_alloc(n * n * 4);

	for (uint64_t s = 0; s < steps; s++) {
		for (int64_t i = 0; i < (int64_t)(n * n); i++) {
			int64_t y = i / (int64_t)n, x = i % (int64_t)n;
			float up = near(t, n, y - 1, x), down = near(t, n, y + 1, x);
			float left = near(t, n, y, x - 1), right = near(t, n, y, x + 1);

			next[i] = t[i] + 0.1f * (power[i] + up + down + left + right - 4.0f * t[i] +
						 0.01f * (80.0f - t[i]));
		}
		swap(&t, &next);
	}
	free(next);
	free(power);
	return t;
}

static int hotspot_on_gpu(struct run *run, struct vgpu_buffer b[3], const float *t, const float *power, float *out)
{
	uint64_t n = run->size, bytes = n * n * 4, steps = steps_of(run);
	uint64_t sizes[] = { bytes, bytes, bytes };

	if (run_open(run) || run_alloc(run, b, sizes, 3))
		return -1;
	phase_begin(run, PHASE_HTOD);
	if (vgpu_copy_to(run->gpu, &b[0], t, bytes) || vgpu_copy_to(run->gpu, &b[2], power, bytes))
		return run_fail_gpu("copying to the device");
	phase_begin(run, PHASE_LAUNCH);
	for (uint64_t s = 0; s < steps; s++)
		if (run_launch(run, VGPU_KERNEL_HOTSPOT,
			       (uint64_t[]){ b[(s + 1) % 2].address, b[s % 2].address, b[2].address, n }, 4))
			return -1;
	if (vgpu_wait(run->gpu))
		return run_fail_gpu("waiting");
	phase_begin(run, PHASE_DTOH);
	if (vgpu_copy_from(run->gpu, out, &b[steps % 2], bytes))
		return run_fail_gpu("copying from the device");
	phase_begin(run, PHASE_NONE);
	return 0;
}

static int hotspot(struct run *run)
{
	struct vgpu_buffer buffers[3] = { 0 };
	uint64_t n = run->size;
	float *t = input_grid(n, 4), *power = input_grid(n, 5), *out = must_alloc(n * n * 4);
	int error;

	if (!run->reference)
		run->reference = hotspot_reference(n, steps_of(run));
	error = hotspot_on_gpu(run, buffers, t, power, out);
	run_close(run, buffers, 3);
	run->operations = 12 * n * n * steps_of(run);
	if (!error)
		error = check_close(run, out, run->reference, n * n);
	free(t);
	free(power);
	free(out);
	return error;
}

#define SRAD_Q0 0.05f
#define SRAD_LAMBDA 0.5f

static float srad_c(const float *image, uint64_t n, int64_t y, int64_t x)
{
	float j = near(image, n, y, x);
	float d[4] = { near(image, n, y - 1, x) - j, near(image, n, y + 1, x) - j, near(image, n, y, x - 1) - j,
		       near(image, n, y, x + 1) - j };
	float g2 = (d[0] * d[0] + d[1] * d[1] + d[2] * d[2] + d[3] * d[3]) / (j * j);
	float l = (d[0] + d[1] + d[2] + d[3]) / j;
	float den = 1.0f + 0.25f * l;
	float q = (0.5f * g2 - 0.0625f * l * l) / (den * den);
	float c = 1.0f / (1.0f + (q - SRAD_Q0) / (SRAD_Q0 * (1.0f + SRAD_Q0)));

	return c < 0.0f ? 0.0f : c > 1.0f ? 1.0f : c;
}

static float *srad_reference(uint64_t n, uint64_t steps)
{
	float *image = input_grid(n, 6), *c = must_alloc(n * n * 4), *next = must_alloc(n * n * 4);

	for (uint64_t s = 0; s < steps; s++) {
		for (int64_t i = 0; i < (int64_t)(n * n); i++)
			c[i] = srad_c(image, n, i / (int64_t)n, i % (int64_t)n);
		for (int64_t i = 0; i < (int64_t)(n * n); i++) {
			int64_t y = i / (int64_t)n, x = i % (int64_t)n;
			float j = image[i];

			next[i] = j + 0.25f * SRAD_LAMBDA *
					      (c[i] * (near(image, n, y - 1, x) - j) +
					       near(c, n, y + 1, x) * (near(image, n, y + 1, x) - j) +
					       c[i] * (near(image, n, y, x - 1) - j) +
					       near(c, n, y, x + 1) * (near(image, n, y, x + 1) - j));
		}
		swap(&image, &next);
	}
	free(next);
	free(c);
	return image;
}

static int srad_steps(struct run *run, struct vgpu_buffer b[3])
{
	for (uint64_t s = 0; s < steps_of(run); s++) {
		uint64_t from = b[s % 2].address, to = b[(s + 1) % 2].address;

		if (run_launch(run, VGPU_KERNEL_SRAD_COEFF,
			       (uint64_t[]){ b[2].address, from, run->size, float_bits(SRAD_Q0) }, 4) ||
		    run_launch(run, VGPU_KERNEL_SRAD_STEP,
			       (uint64_t[]){ to, from, b[2].address, run->size, float_bits(SRAD_LAMBDA) }, 5))
			return -1;
	}
	return vgpu_wait(run->gpu) ? run_fail_gpu("waiting") : 0;
}

static int srad_on_gpu(struct run *run, struct vgpu_buffer b[3], const float *image, float *out)
{
	uint64_t bytes = run->size * run->size * 4;
	uint64_t sizes[] = { bytes, bytes, bytes };

	if (run_open(run) || run_alloc(run, b, sizes, 3))
		return -1;
	phase_begin(run, PHASE_HTOD);
	if (vgpu_copy_to(run->gpu, &b[0], image, bytes))
		return run_fail_gpu("copying to the device");
	phase_begin(run, PHASE_LAUNCH);
	if (srad_steps(run, b))
		return -1;
	phase_begin(run, PHASE_DTOH);
	if (vgpu_copy_from(run->gpu, out, &b[steps_of(run) % 2], bytes))
		return run_fail_gpu("copying from the device");
	phase_begin(run, PHASE_NONE);
	return 0;
}

static int srad(struct run *run)
{
	struct vgpu_buffer buffers[3] = { 0 };
	uint64_t n = run->size;
	float *image = input_grid(n, 6), *out = must_alloc(n * n * 4);
	int error;

	if (!run->reference)
		run->reference = srad_reference(n, steps_of(run));
	error = srad_on_gpu(run, buffers, image, out);
	run_close(run, buffers, 3);
	run->operations = 40 * n * n * steps_of(run);
	if (!error)
		error = check_close(run, out, run->reference, n * n);
	free(image);
	free(out);
	return error;
}

const struct workload workloads_stencil[] = {
	{ "hotspot", 128, 1024, "rows", hotspot },
	{ "srad", 128, 1024, "rows", srad },
	{ 0 },
};
