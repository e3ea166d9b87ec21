/*
 * WORKLOAD [rounds=N] [fresh=PERCENT] [programs=N] [SIZE [ITERATIONS [EXTRA]]]: called by the name of a
 * workload, or with it as the first argument. rounds: in each iteration, the work is repeated N more times in
 * the same process, reusing what the first time opened and allocated, and each repetition prints a line.
 * fresh: for gem and churn, the share of objects that is created and freed in each round; the others are
 * kept. programs: the number of concurrent processes.
 */
#include "workload.h"
#include "../machine/clock.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define ITERATIONS_MAX 1000000ul
#define ROUNDS_MAX 1000000ul
#define PROGRAMS_MAX 16ul

struct telling {
	const struct workload *workload;
	unsigned long iteration;
};

static void tell(struct run *run, void *context)
{
	const struct telling *telling = context;

	print_iteration(telling->workload, run, telling->iteration);
}

static int run_all(const struct workload *workload, struct run *run, unsigned long iterations)
{
	int error = 0;

	run->reading_ns = clock_cost_ns();
	for (unsigned long i = 0; !error && i < iterations; i++)
		error = run_iteration(run, workload->iterate, tell, &(struct telling){ workload, i });
	if (error)
		print_failure(workload, run);
	free(run->reference);
	return error ? 1 : 0;
}

static const struct workload *find(const char *name)
{
	const struct workload *const tables[] = { workloads_basic,     workloads_objects, workloads_matrix,
						  workloads_stencil,   workloads_wavefront, workloads_graph,
						  workloads_neural,    workloads_faults };

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
	fprintf(stderr, "usage: WORKLOAD [rounds=N] [fresh=PERCENT] [programs=N] [SIZE [ITERATIONS [EXTRA]]]; the "
			"workloads and what SIZE counts:\n");
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

/* An option, in `run`. 1: it is not one, 0, or -1: its value is invalid. */
static int option(const char *text, struct run *run)
{
	const struct {
		const char *name;
		uint64_t *value;
		unsigned long max;
	} options[] = { { "rounds=", &run->rounds, ROUNDS_MAX },
			{ "fresh=", &run->fresh, 100 },
			{ "programs=", &run->programs, PROGRAMS_MAX } };

	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		if (!strncmp(text, options[i].name, strlen(options[i].name)))
			return number(text + strlen(options[i].name), options[i].max, options[i].value);
	return 1;
}

/* Each in its own process. The exit status of the last one that failed, or 0. */
static int run_programs(const struct workload *workload, struct run *run, unsigned long iterations)
{
	int status, failed = 0;

	if (run->programs == 1)
		return run_all(workload, run, iterations);
	for (run->program = 0; run->program < run->programs; run->program++) {
		pid_t pid = fork();

		if (pid == 0)
			exit(run_all(workload, run, iterations));
		if (pid < 0) {
			perror(workload->name);
			failed = 1;
			break;
		}
	}
	while (wait(&status) > 0)
		if (status)
			failed = 1;
	return failed;
}

static int wrong_use(const struct workload *workload)
{
	fprintf(stderr,
		"%s: expected rounds= up to %lu, fresh= from 0 to 100 (below 100 with rounds=), programs= from 1 to %lu, SIZE from "
		"1 to %llu and ITERATIONS up to %lu\n",
		workload->name, ROUNDS_MAX, PROGRAMS_MAX, (unsigned long long)workload->size_max, ITERATIONS_MAX);
	return 2;
}

int main(int argc, char **argv)
{
	const char *base = strrchr(argv[0], '/') ? strrchr(argv[0], '/') + 1 : argv[0];
	const struct workload *workload = find(base);
	uint64_t iterations = 1;
	struct run run = { .fresh = 100, .programs = 1 };
	int is;

	if (!workload && argc > 1) {
		workload = find(argv[1]);
		argc--;
		argv++;
	}
	if (!workload)
		return usage();
	for (; argc > 1 && (is = option(argv[1], &run)) <= 0; argc--, argv++)
		if (is < 0)
			return wrong_use(workload);
	if (argc > 4)
		return usage();
	run.size = workload->size;
	if ((argc > 1 && number(argv[1], workload->size_max, &run.size)) ||
	    (argc > 2 && number(argv[2], ITERATIONS_MAX, &iterations)) ||
	    (argc > 3 && number(argv[3], UINT32_MAX, &run.extra)) || run.size == 0 || run.programs == 0 ||
	    (run.fresh < 100 && !run.rounds))
		return wrong_use(workload);
	return run_programs(workload, &run, iterations);
}
