/* madd, mmul, fmadd, fmmul: two n x n matrices in, one out, one launch. */
#include "workload.h"

#include <stdlib.h>

struct matrices {
	uint64_t n;
	int floats;
	int product;
	enum vgpu_kernel kernel;
	void *a, *b, *out;
};

static void fill(struct matrices *m)
{
	for (uint64_t i = 0; i < m->n * m->n; i++) {
		if (m->floats) {
			((float *)m->a)[i] = input_float(i, 1);
			((float *)m->b)[i] = input_float(i, 2);
		} else {
			((uint32_t *)m->a)[i] = input_u32(i, 1);
			((uint32_t *)m->b)[i] = input_u32(i, 2);
		}
	}
}

static void multiply_ints(const struct matrices *m, uint32_t *out)
{
	const uint32_t *a = m->a, *b = m->b;

	for (uint64_t i = 0; i < m->n; i++)
		for (uint64_t k = 0; k < m->n; k++)
			for (uint64_t j = 0; j < m->n; j++)
				out[i * m->n + j] += a[i * m->n + k] * b[k * m->n + j];
}

static void multiply_floats(const struct matrices *m, float *out)
{
	const float *a = m->a, *b = m->b;

	for (uint64_t i = 0; i < m->n; i++)
		for (uint64_t k = 0; k < m->n; k++)
			for (uint64_t j = 0; j < m->n; j++)
				out[i * m->n + j] += a[i * m->n + k] * b[k * m->n + j];
}

static void *reference(const struct matrices *m)
{
	void *out = must_alloc(m->n * m->n * 4);

	if (m->product && m->floats)
		multiply_floats(m, out);
	else if (m->product)
		multiply_ints(m, out);
	else
		for (uint64_t i = 0; i < m->n * m->n; i++) {
			if (m->floats)
				((float *)out)[i] = ((float *)m->a)[i] + ((float *)m->b)[i];
			else
				((uint32_t *)out)[i] = ((uint32_t *)m->a)[i] + ((uint32_t *)m->b)[i];
		}
	return out;
}

static int on_gpu(struct run *run, const struct matrices *m, struct vgpu_buffer *buffers)
{
	uint64_t bytes = m->n * m->n * 4;
	uint64_t sizes[] = { bytes, bytes, bytes };

	if (run_open(run) || run_alloc(run, buffers, sizes, 3))
		return -1;
	phase_begin(run, PHASE_HTOD);
	if (vgpu_copy_to(run->gpu, &buffers[1], m->a, bytes) || vgpu_copy_to(run->gpu, &buffers[2], m->b, bytes))
		return run_fail_gpu("copying to the device");
	phase_begin(run, PHASE_LAUNCH);
	if (run_launch(run, m->kernel,
		       (uint64_t[]){ buffers[0].address, buffers[1].address, buffers[2].address, m->n }, 4))
		return -1;
	if (vgpu_wait(run->gpu))
		return run_fail_gpu("waiting");
	phase_begin(run, PHASE_DTOH);
	if (vgpu_copy_from(run->gpu, m->out, &buffers[0], bytes))
		return run_fail_gpu("copying from the device");
	phase_begin(run, PHASE_NONE);
	return 0;
}

static int iterate(struct run *run, struct matrices m)
{
	struct vgpu_buffer buffers[3] = { 0 };
	uint64_t bytes = run->size * run->size * 4;
	int error;

	m.n = run->size;
	m.a = must_alloc(bytes);
	m.b = must_alloc(bytes);
	m.out = must_alloc(bytes);
	fill(&m);
	if (!run->reference)
		run->reference = reference(&m);
	run->operations = m.product ? 2 * m.n * m.n * m.n : m.n * m.n;
	error = on_gpu(run, &m, buffers);
	run_close(run, buffers, 3);
	if (!error)
		error = m.floats ? check_close(run, m.out, run->reference, m.n * m.n)
				 : check_equal(run, m.out, run->reference, bytes);
	free(m.a);
	free(m.b);
	free(m.out);
	return error;
}

static int madd(struct run *run)
{
	return iterate(run, (struct matrices){ .kernel = VGPU_KERNEL_MADD });
}

static int mmul(struct run *run)
{
	return iterate(run, (struct matrices){ .kernel = VGPU_KERNEL_MMUL, .product = 1 });
}

static int fmadd(struct run *run)
{
	return iterate(run, (struct matrices){ .kernel = VGPU_KERNEL_FMADD, .floats = 1 });
}

static int fmmul(struct run *run)
{
	return iterate(run, (struct matrices){ .kernel = VGPU_KERNEL_FMMUL, .floats = 1, .product = 1 });
}

const struct workload workloads_matrix[] = {
	{ "madd", 256, 1024, "rows", madd },
	{ "mmul", 128, 1024, "rows", mmul },
	{ "fmadd", 256, 1024, "rows", fmadd },
	{ "fmmul", 128, 1024, "rows", fmmul },
	{ 0 },
};
