/* nw and lud: Rodinia's wavefronts, a launch per diagonal or column. SIZE is the side. */
#include "workload.h"

#include <stdlib.h>

#define NW_PENALTY 10

static void nw_inputs(uint64_t n, int32_t *score, int32_t *reference)
{
	uint64_t side = n + 1;

	for (uint64_t i = 0; i < side * side; i++) {
		score[i] = 0;
		reference[i] = (int32_t)(input_u32(i, 7) % 21) - 10;
	}
	for (uint64_t i = 1; i < side; i++) {
		score[i] = -(int32_t)i * NW_PENALTY;
		score[i * side] = -(int32_t)i * NW_PENALTY;
	}
}

static int32_t *nw_reference(uint64_t n)
{
	uint64_t side = n + 1;
	int32_t *score = must_alloc(side * side * 4), *reference = must_alloc(side * side * 4);

	nw_inputs(n, score, reference);
	for (uint64_t y = 1; y < side; y++)
		for (uint64_t x = 1; x < side; x++) {
			int32_t best = score[(y - 1) * side + x - 1] + reference[y * side + x];
			int32_t up = score[(y - 1) * side + x] - NW_PENALTY;
			int32_t left = score[y * side + x - 1] - NW_PENALTY;

			best = up > best ? up : best;
			score[y * side + x] = left > best ? left : best;
		}
	free(reference);
	return score;
}

static int nw_on_gpu(struct run *run, struct vgpu_buffer b[2], int32_t *score, const int32_t *reference)
{
	uint64_t n = run->size, bytes = (n + 1) * (n + 1) * 4;

	if (run_open(run) || run_alloc(run, b, (uint64_t[]){ bytes, bytes }, 2))
		return -1;
	phase_begin(run, PHASE_HTOD);
	if (vgpu_copy_to(run->gpu, &b[0], score, bytes) || vgpu_copy_to(run->gpu, &b[1], reference, bytes))
		return run_fail_gpu("copying to the device");
	phase_begin(run, PHASE_LAUNCH);
	for (uint64_t diagonal = 0; diagonal < 2 * n - 1; diagonal++)
		if (run_launch(run, VGPU_KERNEL_NW,
			       (uint64_t[]){ b[0].address, b[1].address, n, diagonal, NW_PENALTY }, 5))
			return -1;
	if (vgpu_wait(run->gpu))
		return run_fail_gpu("waiting");
	phase_begin(run, PHASE_DTOH);
	if (vgpu_copy_from(run->gpu, score, &b[0], bytes))
		return run_fail_gpu("copying from the device");
	phase_begin(run, PHASE_NONE);
	return 0;
}

static int nw(struct run *run)
{
	struct vgpu_buffer buffers[2] = { 0 };
	uint64_t n = run->size, bytes = (n + 1) * (n + 1) * 4;
	int32_t *score = must_alloc(bytes), *reference = must_alloc(bytes);
	int error;

	nw_inputs(n, score, reference);
	if (!run->reference)
		run->reference = nw_reference(n);
	error = nw_on_gpu(run, buffers, score, reference);
	run_close(run, buffers, 2);
	run->operations = 5 * n * n;
	if (!error)
		error = check_equal(run, score, run->reference, bytes);
	free(score);
	free(reference);
	return error;
}

/* Diagonally dominant, so that it needs no pivoting. */
static float *lud_input(uint64_t n)
{
	float *a = input_grid(n, 8);

	for (uint64_t i = 0; i < n; i++)
		a[i * n + i] += 2.0f * (float)n;
	return a;
}

static int lud_on_gpu(struct run *run, struct vgpu_buffer *b, float *a)
{
	uint64_t n = run->size, bytes = n * n * 4;

	if (run_open(run) || run_alloc(run, b, &bytes, 1))
		return -1;
	phase_begin(run, PHASE_HTOD);
	if (vgpu_copy_to(run->gpu, b, a, bytes))
		return run_fail_gpu("copying to the device");
	phase_begin(run, PHASE_LAUNCH);
	for (uint64_t k = 0; k < n; k++)
		if (run_launch(run, VGPU_KERNEL_LUD, (uint64_t[]){ b->address, n, k }, 3))
			return -1;
	if (vgpu_wait(run->gpu))
		return run_fail_gpu("waiting");
	phase_begin(run, PHASE_DTOH);
	if (vgpu_copy_from(run->gpu, a, b, bytes))
		return run_fail_gpu("copying from the device");
	phase_begin(run, PHASE_NONE);
	return 0;
}

/* L times U must give the original matrix: a check that shares nothing with the kernel's loop. */
static float *lud_product(const float *lu, uint64_t n)
{
	float *product = must_alloc(n * n * 4);

	for (uint64_t i = 0; i < n; i++)
		for (uint64_t k = 0; k <= i; k++) {
			float l = k == i ? 1.0f : lu[i * n + k];

			for (uint64_t j = k; j < n; j++)
				product[i * n + j] += l * lu[k * n + j];
		}
	return product;
}

static int lud(struct run *run)
{
	struct vgpu_buffer buffer = { 0 };
	uint64_t n = run->size;
	float *a = lud_input(n), *original = lud_input(n);
	int error = lud_on_gpu(run, &buffer, a);

	run_close(run, &buffer, 1);
	run->operations = 2 * n * n * n / 3;
	if (!error) {
		float *product = lud_product(a, n);

		error = check_close(run, product, original, n * n);
		free(product);
	}
	free(a);
	free(original);
	return error;
}

const struct workload workloads_wavefront[] = {
	{ "nw", 64, 1024, "letters", nw },
	{ "lud", 64, 512, "rows", lud },
	{ 0 },
};
