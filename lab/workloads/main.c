/* WORKLOAD [SIZE [ITERATIONS [EXTRA]]]: called by the name of a workload, or with it as the first argument. */
#include "workload.h"
#include "../machine/clock.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ITERATIONS_MAX 1000000ul

static int run_all(const struct workload *workload, struct run *run, unsigned long iterations)
{
	int error = 0;

	run->reading_ns = clock_cost_ns();
	for (unsigned long i = 0; !error && i < iterations; i++) {
		run_begin(run);
		error = workload->iterate(run);
		if (!error)
			print_iteration(workload, run, i);
	}
	if (error)
		print_failure(workload, run);
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
