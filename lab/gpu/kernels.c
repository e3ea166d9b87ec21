/* The kernels. Each computes what its namesake in Gdev or Rodinia computes, on the host's own cores. */
#include "gpu.h"

#include <math.h>
#include <string.h>

#define LOOP_CHECK 65536u

static float bits_float(uint64_t bits)
{
	uint32_t low = (uint32_t)bits;
	float value;

	memcpy(&value, &low, sizeof(value));
	return value;
}

/* Knuth's MMIX generator: its n-th value is known without n steps, so a check is cheap. */
static uint32_t loop(const uint64_t *arg, struct mapping *m, aborted_fn aborted, void *context)
{
	uint64_t x = arg[2];

	for (uint64_t i = 0; i < arg[1]; i++) {
		x = x * 6364136223846793005ull + 1442695040888963407ull;
		if (i % LOOP_CHECK == 0 && aborted(context))
			return VGPU_FAULT_STOPPED;
	}
	memcpy(m[0].data, &x, sizeof(x));
	return VGPU_FAULT_NONE;
}

static void madd(uint32_t *out, const uint32_t *a, const uint32_t *b, uint64_t n)
{
	for (uint64_t i = 0; i < n * n; i++)
		out[i] = a[i] + b[i];
}

static void fmadd(float *out, const float *a, const float *b, uint64_t n)
{
	for (uint64_t i = 0; i < n * n; i++)
		out[i] = a[i] + b[i];
}

/* A row of a product of n x n matrices, k outside j: the inner loop runs over contiguous memory. */
typedef void (*row_fn)(void *row, const void *a_row, const void *b, uint64_t n);

static void int_row(void *row, const void *a_row, const void *b, uint64_t n)
{
	const uint32_t *factor = a_row, *right = b;
	uint32_t *sum = row;

	for (uint64_t k = 0; k < n; k++)
		for (uint64_t j = 0; j < n; j++)
			sum[j] += factor[k] * right[k * n + j];
}

static void float_row(void *row, const void *a_row, const void *b, uint64_t n)
{
	const float *factor = a_row, *right = b;
	float *sum = row;

	for (uint64_t k = 0; k < n; k++)
		for (uint64_t j = 0; j < n; j++)
			sum[j] += factor[k] * right[k * n + j];
}

/* Integers and floats have the same size, and the same zero. */
static uint32_t product(struct mapping *m, uint64_t n, row_fn multiply, aborted_fn aborted, void *context)
{
	uint64_t row_bytes = n * sizeof(uint32_t);

	for (uint64_t i = 0; i < n; i++) {
		memset(m[0].data + i * row_bytes, 0, row_bytes);
		multiply(m[0].data + i * row_bytes, m[1].data + i * row_bytes, m[2].data, n);
		if (aborted(context))
			return VGPU_FAULT_STOPPED;
	}
	return VGPU_FAULT_NONE;
}

static float at(const float *grid, uint64_t n, int64_t y, int64_t x)
{
	int64_t last = (int64_t)n - 1;

	y = y < 0 ? 0 : y > last ? last : y;
	x = x < 0 ? 0 : x > last ? last : x;
	return grid[(uint64_t)y * n + (uint64_t)x];
}

/* One step of Rodinia's hotspot, with its constants folded into one coefficient each. */
static void hotspot(float *out, const float *t, const float *power, uint64_t n)
{
	for (int64_t y = 0; y < (int64_t)n; y++)
		for (int64_t x = 0; x < (int64_t)n; x++) {
			float here = at(t, n, y, x);
			float vertical = at(t, n, y - 1, x) + at(t, n, y + 1, x) - 2.0f * here;
			float sideways = at(t, n, y, x - 1) + at(t, n, y, x + 1) - 2.0f * here;
			float p = power[(uint64_t)y * n + (uint64_t)x];

			out[(uint64_t)y * n + (uint64_t)x] =
				here + 0.1f * (p + vertical + sideways + 0.01f * (80.0f - here));
		}
}

/* One level of a breadth-first search; indices come from memory, so they are checked one by one. */
static uint32_t bfs(const uint64_t *arg, struct mapping *m)
{
	const uint32_t *offsets = (const uint32_t *)m[0].data;
	const uint32_t *edges = (const uint32_t *)m[1].data;
	uint32_t *levels = (uint32_t *)m[2].data;
	uint32_t level = (uint32_t)arg[6];
	uint32_t changed = 0;

	for (uint64_t node = 0; node < arg[4]; node++) {
		uint32_t from = offsets[node], to = offsets[node + 1];

		if (levels[node] != level)
			continue;
		if (from > to || to > arg[5])
			return VGPU_FAULT_KERNEL;
		for (uint32_t e = from; e < to; e++) {
			uint32_t next = edges[e];

			if (next >= arg[4])
				return VGPU_FAULT_KERNEL;
			if (levels[next] == UINT32_MAX) {
				levels[next] = level + 1;
				changed = 1;
			}
		}
	}
	if (changed)
		memcpy(m[3].data, &changed, sizeof(changed));
	return VGPU_FAULT_NONE;
}

static void nn(float *out, const float *points, uint64_t count, float x, float y)
{
	for (uint64_t i = 0; i < count; i++) {
		float dx = points[2 * i] - x, dy = points[2 * i + 1] - y;

		out[i] = sqrtf(dx * dx + dy * dy);
	}
}

static int32_t max3(int32_t a, int32_t b, int32_t c)
{
	int32_t ab = a > b ? a : b;

	return ab > c ? ab : c;
}

/* One anti-diagonal of Needleman-Wunsch on a (n + 1) x (n + 1) table. */
static void nw(const uint64_t *arg, int32_t *score, const int32_t *reference)
{
	uint64_t n = arg[2], side = n + 1, diagonal = arg[3];
	uint64_t first = diagonal < n ? 0 : diagonal - n + 1;
	uint32_t penalty = (uint32_t)arg[4];

	for (uint64_t i = first; i <= diagonal && i < n; i++) {
		uint64_t here = (i + 1) * side + (diagonal - i + 1);
		uint32_t across = (uint32_t)score[here - side - 1] + (uint32_t)reference[here];

		score[here] = max3((int32_t)across, (int32_t)((uint32_t)score[here - side] - penalty),
				   (int32_t)((uint32_t)score[here - 1] - penalty));
	}
}

/* One step of an LU decomposition without pivoting, in place. */
static void lud(float *a, uint64_t n, uint64_t k)
{
	for (uint64_t i = k + 1; i < n; i++) {
		float factor = a[i * n + k] / a[k * n + k];

		a[i * n + k] = factor;
		for (uint64_t j = k + 1; j < n; j++)
			a[i * n + j] -= factor * a[k * n + j];
	}
}

static void srad_coefficient(float *c, const float *image, uint64_t n, float q0)
{
	for (int64_t y = 0; y < (int64_t)n; y++)
		for (int64_t x = 0; x < (int64_t)n; x++) {
			float j = at(image, n, y, x);
			float dn = at(image, n, y - 1, x) - j, ds = at(image, n, y + 1, x) - j;
			float dw = at(image, n, y, x - 1) - j, de = at(image, n, y, x + 1) - j;
			float g2 = (dn * dn + ds * ds + dw * dw + de * de) / (j * j);
			float l = (dn + ds + dw + de) / j;
			float den = 1.0f + 0.25f * l;
			float q = (0.5f * g2 - 0.0625f * l * l) / (den * den);
			float value = 1.0f / (1.0f + (q - q0) / (q0 * (1.0f + q0)));

			c[(uint64_t)y * n + (uint64_t)x] = value < 0.0f ? 0.0f : value > 1.0f ? 1.0f : value;
		}
}

static void srad_step(float *out, const float *image, const float *c, uint64_t n, float lambda)
{
	for (int64_t y = 0; y < (int64_t)n; y++)
		for (int64_t x = 0; x < (int64_t)n; x++) {
			float j = at(image, n, y, x);
			float here = at(c, n, y, x), south = at(c, n, y + 1, x), east = at(c, n, y, x + 1);
			float flow = here * (at(image, n, y - 1, x) - j) + south * (at(image, n, y + 1, x) - j) +
				     here * (at(image, n, y, x - 1) - j) + east * (at(image, n, y, x + 1) - j);

			out[(uint64_t)y * n + (uint64_t)x] = j + 0.25f * lambda * flow;
		}
}

static void layer(float *out, const float *in, const float *weights, uint64_t inputs, uint64_t outputs)
{
	for (uint64_t o = 0; o < outputs; o++)
		out[o] = weights[o]; /* row 0 is the bias */
	for (uint64_t i = 0; i < inputs; i++)
		for (uint64_t o = 0; o < outputs; o++)
			out[o] += in[i] * weights[(i + 1) * outputs + o];
	for (uint64_t o = 0; o < outputs; o++)
		out[o] = 1.0f / (1.0f + expf(-out[o]));
}

static void adjust(float *weights, const float *in, const float *delta, const uint64_t *arg)
{
	uint64_t inputs = arg[3], outputs = arg[4];
	float rate = bits_float(arg[5]);

	for (uint64_t o = 0; o < outputs; o++)
		weights[o] += rate * delta[o];
	for (uint64_t i = 0; i < inputs; i++)
		for (uint64_t o = 0; o < outputs; o++)
			weights[(i + 1) * outputs + o] += rate * delta[o] * in[i];
}

static uint32_t integers(const struct vgpu_command *command, struct mapping *m, aborted_fn aborted, void *context)
{
	const uint64_t *arg = command->launch.arg;
	uint32_t *out = (uint32_t *)m[0].data, *a = (uint32_t *)m[1].data, *b = (uint32_t *)m[2].data;

	if (command->launch.kernel == VGPU_KERNEL_MMUL)
		return product(m, arg[3], int_row, aborted, context);
	madd(out, a, b, arg[3]);
	return VGPU_FAULT_NONE;
}

static uint32_t floats(const struct vgpu_command *command, struct mapping *m, aborted_fn aborted, void *context)
{
	const uint64_t *arg = command->launch.arg;
	float *f0 = (float *)m[0].data, *f1 = (float *)m[1].data, *f2 = (float *)m[2].data;

	switch (command->launch.kernel) {
	case VGPU_KERNEL_FMADD:
		fmadd(f0, f1, f2, arg[3]);
		break;
	case VGPU_KERNEL_FMMUL:
		return product(m, arg[3], float_row, aborted, context);
	case VGPU_KERNEL_HOTSPOT:
		hotspot(f0, f1, f2, arg[3]);
		break;
	case VGPU_KERNEL_NN:
		nn(f0, f1, arg[2], bits_float(arg[3]), bits_float(arg[4]));
		break;
	case VGPU_KERNEL_LUD:
		lud(f0, arg[1], arg[2]);
		break;
	case VGPU_KERNEL_SRAD_COEFF:
		srad_coefficient(f0, f1, arg[2], bits_float(arg[3]));
		break;
	case VGPU_KERNEL_SRAD_STEP:
		srad_step(f0, f1, f2, arg[3], bits_float(arg[4]));
		break;
	case VGPU_KERNEL_LAYER:
		layer(f0, f1, f2, arg[3], arg[4]);
		break;
	default:
		adjust(f0, f1, f2, arg);
	}
	return VGPU_FAULT_NONE;
}

uint32_t kernel_run(const struct vgpu_command *command, struct mapping *memory, aborted_fn aborted, void *context)
{
	const uint64_t *arg = command->launch.arg;

	switch (command->launch.kernel) {
	case VGPU_KERNEL_NOP:
		return VGPU_FAULT_NONE;
	case VGPU_KERNEL_LOOP:
		return loop(arg, memory, aborted, context);
	case VGPU_KERNEL_MADD:
	case VGPU_KERNEL_MMUL:
		return integers(command, memory, aborted, context);
	case VGPU_KERNEL_BFS:
		return bfs(arg, memory);
	case VGPU_KERNEL_NW:
		nw(arg, (int32_t *)memory[0].data, (const int32_t *)memory[1].data);
		return VGPU_FAULT_NONE;
	default:
		return floats(command, memory, aborted, context);
	}
}
