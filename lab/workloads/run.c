#include "workload.h"
#include "../machine/clock.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ITERATIONS_MAX 1000000ul

static char failure[320];

int run_fail(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(failure, sizeof(failure), format, arguments);
	va_end(arguments);
	return -1;
}

int run_fail_gpu(const char *doing)
{
	return run_fail("%s: %s", doing, vgpu_reason());
}

void phase_begin(struct run *run, enum phase phase)
{
	uint64_t now = now_ns();

	run->ns[run->phase] += now - run->since_ns;
	run->phase = phase;
	run->since_ns = now;
}

int run_open(struct run *run)
{
	int error;

	phase_begin(run, PHASE_INIT);
	error = vgpu_open(&run->gpu);
	phase_begin(run, PHASE_NONE);
	return error ? run_fail_gpu("opening the GPU") : 0;
}

static struct vgpu_usage last_usage;
static char last_mode[32];

void run_close(struct run *run, struct vgpu_buffer *buffers, unsigned int count)
{
	if (!run->gpu)
		return;
	phase_begin(run, PHASE_CLOSE);
	for (unsigned int i = 0; i < count; i++)
		vgpu_free(run->gpu, &buffers[i]);
	snprintf(last_mode, sizeof(last_mode), "%s", vgpu_mode(run->gpu));
	vgpu_close(run->gpu, &last_usage);
	phase_begin(run, PHASE_NONE);
	run->gpu = NULL;
}

int run_alloc(struct run *run, struct vgpu_buffer *buffers, const uint64_t *bytes, unsigned int count)
{
	int error = 0;

	phase_begin(run, PHASE_ALLOC);
	for (unsigned int i = 0; !error && i < count; i++)
		error = vgpu_alloc(run->gpu, bytes[i], VGPU_VRAM, &buffers[i]);
	phase_begin(run, PHASE_NONE);
	return error ? run_fail_gpu("allocating") : 0;
}

int run_launch(struct run *run, enum vgpu_kernel kernel, const uint64_t *args, uint32_t count)
{
	return vgpu_launch(run->gpu, kernel, args, count) ? run_fail_gpu("launching") : 0;
}

uint32_t input_u32(uint64_t index, uint32_t seed)
{
	uint64_t x = (index + 1) * 0x9e3779b97f4a7c15ull ^ seed * 0xbf58476d1ce4e5b9ull;

	x ^= x >> 29;
	x *= 0x94d049bb133111ebull;
	return (uint32_t)(x >> 40);
}

float input_float(uint64_t index, uint32_t seed)
{
	return 1.0f + (float)(input_u32(index, seed) & 0xffff) / 65536.0f;
}

float *input_grid(uint64_t n, uint32_t seed)
{
	float *grid = must_alloc(n * n * 4);

	for (uint64_t i = 0; i < n * n; i++)
		grid[i] = input_float(i, seed);
	return grid;
}

uint64_t float_bits(float value)
{
	uint32_t bits;

	memcpy(&bits, &value, sizeof(bits));
	return bits;
}

void *must_alloc(uint64_t bytes)
{
	void *memory = calloc(1, bytes ? bytes : 1);

	if (!memory) {
		fprintf(stderr, "out of memory: %llu bytes\n", (unsigned long long)bytes);
		exit(1);
	}
	return memory;
}

/* FNV-1a of what the GPU computed: equal across modes when the results are. */
static uint64_t checksum(const void *data, uint64_t bytes)
{
	const uint8_t *byte = data;
	uint64_t hash = 0xcbf29ce484222325ull;

	for (uint64_t i = 0; i < bytes; i++)
		hash = (hash ^ byte[i]) * 0x100000001b3ull;
	return hash;
}

int check_equal(struct run *run, const void *got, const void *expected, uint64_t bytes)
{
	const uint32_t *a = got, *b = expected;

	run->checksum ^= checksum(got, bytes);
	for (uint64_t i = 0; i < bytes / 4; i++)
		if (a[i] != b[i])
			return run_fail("wrong result: word %llu is %u, not %u", (unsigned long long)i, a[i], b[i]);
	return 0;
}

int check_close(struct run *run, const float *got, const float *expected, uint64_t count)
{
	run->checksum ^= checksum(got, count * sizeof(*got));
	for (uint64_t i = 0; i < count; i++) {
		float scale = fmaxf(1.0f, fmaxf(fabsf(got[i]), fabsf(expected[i])));

		if (!(fabsf(got[i] - expected[i]) <= 1e-4f * scale))
			return run_fail("wrong result: element %llu is %g, not %g", (unsigned long long)i,
					(double)got[i], (double)expected[i]);
	}
	return 0;
}

static void print_crossings(const struct crossings *crossings)
{
	const char *comma = "";

	printf("\"crossings\":{");
	for (int kind = 0; kind < CROSS_KINDS; kind++) {
		if (!crossings->count[kind])
			continue;
		printf("%s\"%s\":%llu", comma, crossing_names[kind], (unsigned long long)crossings->count[kind]);
		comma = ",";
	}
	printf("}");
}

static void print_iteration(const struct workload *workload, const struct run *run, unsigned long iteration)
{
	static const char *const names[PHASES] = { NULL, "init", "alloc", "htod", "launch", "dtoh", "close" };
	uint64_t total = 0;

	printf("{\"workload\":\"%s\",\"mode\":\"%s\",\"size\":%llu,\"iteration\":%lu,\"phases\":{", workload->name,
	       last_mode, (unsigned long long)run->size, iteration);
	for (int phase = PHASE_INIT; phase < PHASES; phase++) {
		printf("%s\"%s\":%llu", phase == PHASE_INIT ? "" : ",", names[phase],
		       (unsigned long long)run->ns[phase]);
		total += run->ns[phase];
	}
	printf("},\"totalNs\":%llu,\"bytes\":%llu,\"operations\":%llu,\"launches\":%llu,\"gpuNs\":%llu,",
	       (unsigned long long)total, (unsigned long long)(last_usage.copied_bytes + run->own_bytes),
	       (unsigned long long)run->operations, (unsigned long long)last_usage.launches,
	       (unsigned long long)last_usage.gpu_ns);
	print_crossings(&last_usage.crossings);
	printf(",\"crossingsTotal\":%llu,\"checksum\":\"%016llx\",\"check\":\"ok\"}\n",
	       (unsigned long long)crossings_total(&last_usage.crossings), (unsigned long long)run->checksum);
	fflush(stdout);
}

#define WRONG "wrong result: "

/* A wrong result is told apart from a failure by a line of its own: it casts doubt on more than this run. */
static void print_failure(const struct workload *workload)
{
	fprintf(stderr, "%s: %s\n", workload->name, failure);
	if (strncmp(failure, WRONG, strlen(WRONG)) == 0)
		printf("{\"workload\":\"%s\",\"mode\":\"%s\",\"check\":\"%s\"}\n", workload->name, last_mode, failure);
}

static int run_all(const struct workload *workload, struct run *run, unsigned long iterations)
{
	int error = 0;

	for (unsigned long i = 0; !error && i < iterations; i++) {
		memset(run->ns, 0, sizeof(run->ns));
		run->operations = 0;
		run->own_bytes = 0;
		run->checksum = 0;
		run->phase = PHASE_NONE;
		run->since_ns = now_ns();
		error = workload->iterate(run);
		if (!error)
			print_iteration(workload, run, i);
	}
	if (error)
		print_failure(workload);
	if (run->reference)
		free(run->reference);
	return error ? 1 : 0;
}

static const struct workload *find(const char *name)
{
	const struct workload *const tables[] = { workloads_basic,     workloads_matrix, workloads_stencil,
						  workloads_wavefront, workloads_graph,  workloads_neural,
						  workloads_faults };

	for (size_t t = 0; t < sizeof(tables) / sizeof(tables[0]); t++)
		for (const struct workload *w = tables[t]; w->name; w++)
			if (!name || !strcmp(w->name, name)) {
				if (name)
					return w;
				printf("  %-9s %llu %s (default)\n", w->name, (unsigned long long)w->size, w->unit);
			}
	return NULL;
}

static int usage(void)
{
	fprintf(stderr, "usage: WORKLOAD [SIZE [ITERATIONS [EXTRA]]]; the workloads and what SIZE counts:\n");
	find(NULL);
	return 2;
}

static int number(const char *text, unsigned long max, uint64_t *value)
{
	char *end;

	errno = 0;
	*value = strtoull(text, &end, 10);
	return errno || *end || end == text || *value > max || text[0] == '-' ? -1 : 0;
}

/* Called by the name of a workload, or with it as the first argument. */
int main(int argc, char **argv)
{
	const char *base = strrchr(argv[0], '/') ? strrchr(argv[0], '/') + 1 : argv[0];
	const struct workload *workload = find(base);
	uint64_t iterations = 1;
	struct run run = { 0 };

	if (!workload && argc > 1) {
		workload = find(argv[1]);
		argc--;
		argv++;
	}
	if (!workload || argc > 4)
		return usage();
	run.size = workload->size;
	if ((argc > 1 && number(argv[1], workload->size_max, &run.size)) ||
	    (argc > 2 && number(argv[2], ITERATIONS_MAX, &iterations)) ||
	    (argc > 3 && number(argv[3], UINT32_MAX, &run.extra)) || run.size == 0) {
		fprintf(stderr, "%s: expected SIZE from 1 to %llu and ITERATIONS up to %lu\n", workload->name,
			(unsigned long long)workload->size_max, ITERATIONS_MAX);
		return 2;
	}
	return run_all(workload, &run, iterations);
}
