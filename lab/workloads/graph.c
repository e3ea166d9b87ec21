/* bfs and nn: breadth-first search, a launch and a read-back per level, and nearest neighbours. */
#include "workload.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define DEGREE 4u
#define UNREACHED UINT32_MAX

struct graph {
	uint32_t nodes, edges;
	uint32_t *offsets, *targets;
};

/* A ring with chords: all is reachable, and it takes some levels. */
static struct graph graph_make(uint32_t nodes)
{
	struct graph g = { .nodes = nodes, .edges = nodes * DEGREE };

	g.offsets = must_alloc((nodes + 1ull) * 4);
	g.targets = must_alloc(g.edges * 4ull);
	for (uint32_t node = 0; node < nodes; node++) {
		g.offsets[node + 1] = (node + 1) * DEGREE;
		g.targets[node * DEGREE] = (node + 1) % nodes;
		for (uint32_t e = 1; e < DEGREE; e++)
			g.targets[node * DEGREE + e] = input_u32(node * DEGREE + e, 9) % nodes;
	}
	return g;
}

/* With a queue, not level by level: unlike the kernel's method. */
static uint32_t *bfs_reference(const struct graph *g)
{
	uint32_t *levels = must_alloc(g->nodes * 4ull), *queue = must_alloc(g->nodes * 4ull);
	uint32_t head = 0, tail = 0;

	memset(levels, 0xff, g->nodes * 4ull);
	levels[0] = 0;
	queue[tail++] = 0;
	while (head < tail) {
		uint32_t node = queue[head++];

		for (uint32_t e = g->offsets[node]; e < g->offsets[node + 1]; e++)
			if (levels[g->targets[e]] == UNREACHED) {
				levels[g->targets[e]] = levels[node] + 1;
				queue[tail++] = g->targets[e];
			}
	}
	free(queue);
	return levels;
}

static int bfs_level(struct run *run, struct vgpu_buffer b[4], const struct graph *g, uint32_t level, uint32_t *changed)
{
	uint64_t args[] = { b[0].address, b[1].address, b[2].address, b[3].address, g->nodes, g->edges, level };

	*changed = 0;
	if (vgpu_copy_to(run->gpu, &b[3], changed, 4))
		return run_fail_gpu("clearing the flag");
	if (run_launch(run, VGPU_KERNEL_BFS, args, 7))
		return -1;
	if (vgpu_wait(run->gpu))
		return run_fail_gpu("waiting");
	if (vgpu_copy_from(run->gpu, changed, &b[3], 4))
		return run_fail_gpu("reading the flag");
	return 0;
}

static int bfs_on_gpu(struct run *run, struct vgpu_buffer b[4], const struct graph *g, uint32_t *levels)
{
	uint64_t sizes[] = { (g->nodes + 1ull) * 4, g->edges * 4ull, g->nodes * 4ull, 8 };
	uint32_t changed = 1;

	if (run_open(run) || run_alloc(run, b, sizes, 4))
		return -1;
	phase_begin(run, PHASE_HTOD);
	if (vgpu_copy_to(run->gpu, &b[0], g->offsets, sizes[0]) ||
	    vgpu_copy_to(run->gpu, &b[1], g->targets, sizes[1]) || vgpu_copy_to(run->gpu, &b[2], levels, sizes[2]))
		return run_fail_gpu("copying to the device");
	phase_begin(run, PHASE_LAUNCH);
	for (uint32_t level = 0; changed && level < g->nodes; level++)
		if (bfs_level(run, b, g, level, &changed))
			return -1;
	phase_begin(run, PHASE_DTOH);
	if (vgpu_copy_from(run->gpu, levels, &b[2], sizes[2]))
		return run_fail_gpu("copying from the device");
	phase_begin(run, PHASE_NONE);
	return 0;
}

static int bfs(struct run *run)
{
	struct vgpu_buffer buffers[4] = { 0 };
	struct graph g = graph_make((uint32_t)run->size);
	uint32_t *levels = must_alloc(run->size * 4);
	int error;

	memset(levels, 0xff, run->size * 4);
	levels[0] = 0;
	if (!run->reference)
		run->reference = bfs_reference(&g);
	error = bfs_on_gpu(run, buffers, &g, levels);
	run_close(run, buffers, 4);
	run->operations = g.edges;
	if (!error)
		error = check_equal(run, levels, run->reference, run->size * 4);
	free(g.offsets);
	free(g.targets);
	free(levels);
	return error;
}

#define NN_X 1.25f
#define NN_Y 1.75f

static int nn_on_gpu(struct run *run, struct vgpu_buffer b[2], const float *points, float *out)
{
	uint64_t count = run->size;

	if (run_open(run) || run_alloc(run, b, (uint64_t[]){ count * 4, count * 8 }, 2))
		return -1;
	phase_begin(run, PHASE_HTOD);
	if (vgpu_copy_to(run->gpu, &b[1], points, count * 8))
		return run_fail_gpu("copying to the device");
	phase_begin(run, PHASE_LAUNCH);
	if (run_launch(run, VGPU_KERNEL_NN,
		       (uint64_t[]){ b[0].address, b[1].address, count, float_bits(NN_X), float_bits(NN_Y) }, 5))
		return -1;
	if (vgpu_wait(run->gpu))
		return run_fail_gpu("waiting");
	phase_begin(run, PHASE_DTOH);
	if (vgpu_copy_from(run->gpu, out, &b[0], count * 4))
		return run_fail_gpu("copying from the device");
	phase_begin(run, PHASE_NONE);
	return 0;
}

static int nn(struct run *run)
{
	struct vgpu_buffer buffers[2] = { 0 };
	uint64_t count = run->size;
	float *points = must_alloc(count * 8), *out = must_alloc(count * 4), *expected = must_alloc(count * 4);
	int error;

	for (uint64_t i = 0; i < 2 * count; i++)
		points[i] = input_float(i, 10);
	for (uint64_t i = 0; i < count; i++)
		expected[i] = hypotf(points[2 * i] - NN_X, points[2 * i + 1] - NN_Y);
	error = nn_on_gpu(run, buffers, points, out);
	run_close(run, buffers, 2);
	run->operations = 6 * count;
	if (!error)
		error = check_close(run, out, expected, count);
	free(points);
	free(out);
	free(expected);
	return error;
}

const struct workload workloads_graph[] = {
	{ "bfs", 16384, 1u << 20, "nodes", bfs },
	{ "nn", 32768, 1u << 20, "points", nn },
	{ 0 },
};
