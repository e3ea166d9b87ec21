/* The JSON lines that a workload prints. */
#include "workload.h"

#include <stdio.h>
#include <string.h>

static void print_counts(const char *name, const struct crossings *crossings, int from, int to)
{
	const char *comma = "";

	printf("\"%s\":{", name);
	for (int kind = from; kind < to; kind++) {
		if (!crossings->count[kind])
			continue;
		printf("%s\"%s\":%llu", comma, crossing_names[kind], (unsigned long long)crossings->count[kind]);
		comma = ",";
	}
	printf("},");
}

/* The clock's share of a figure. Waits also read it beyond their first polls, but nap longer than that takes. */
static double clock_share(const struct run *run, uint64_t total)
{
	double share = total ? (double)(run->readings * run->reading_ns) / (double)total : 0;

	return share < 1 ? share : 1;
}

static double per_second(uint64_t count, uint64_t ns)
{
	return ns ? (double)count * 1e9 / (double)ns : 0;
}

void print_iteration(const struct workload *workload, const struct run *run, unsigned long iteration)
{
	static const char *const names[PHASES] = { NULL, "init", "alloc", "htod", "launch", "dtoh", "close" };
	uint64_t total = 0;

	printf("{\"workload\":\"%s\",\"mode\":\"%s\",\"size\":%llu,\"iteration\":%lu,\"phases\":{", workload->name,
	       run->mode, (unsigned long long)run->size, iteration);
	for (int phase = PHASE_INIT; phase < PHASES; phase++) {
		printf("%s\"%s\":%llu", phase == PHASE_INIT ? "" : ",", names[phase],
		       (unsigned long long)run->ns[phase]);
		total += run->ns[phase];
	}
	printf("},\"totalNs\":%llu,\"bytes\":%llu,\"operations\":%llu,\"launches\":%llu,\"gpuNs\":%llu,",
	       (unsigned long long)total, (unsigned long long)(run->usage.copied_bytes + run->own_bytes),
	       (unsigned long long)run->operations, (unsigned long long)run->usage.launches,
	       (unsigned long long)run->usage.gpu_ns);
	print_counts("crossings", &run->usage.crossings, 0, CROSS_HYPERCALLS);
	print_counts("hypercalls", &run->usage.crossings, CROSS_HYPERCALLS, CROSS_DELAYS);
	if (run->rounds) {
		printf("\"round\":%llu,\"coldNs\":%llu,", (unsigned long long)run->round,
		       (unsigned long long)run->cold_ns);
		print_counts("coldCrossings", &run->cold, 0, CROSS_HYPERCALLS);
		print_counts("coldHypercalls", &run->cold, CROSS_HYPERCALLS, CROSS_DELAYS);
	}
	if (run->programs > 1)
		printf("\"program\":%llu,", (unsigned long long)run->program);
	printf("\"operationsPerSecond\":%.6g,\"bytesPerSecond\":%.6g,", per_second(run->operations, total),
	       per_second(run->usage.copied_bytes + run->own_bytes, total));
	printf("\"clockShare\":%.3g,\"crossingsTotal\":%llu,\"checksum\":\"%016llx\",\"check\":\"ok\"}\n",
	       clock_share(run, total), (unsigned long long)crossings_total(&run->usage.crossings),
	       (unsigned long long)run->checksum);
	fflush(stdout);
}

/* A wrong result is distinguished from a failure by its own line: it casts doubt on more than this run. */
void print_failure(const struct workload *workload, const struct run *run)
{
	fprintf(stderr, "%s: %s\n", workload->name, run_failure());
	if (strncmp(run_failure(), WRONG, strlen(WRONG)) == 0)
		printf("{\"workload\":\"%s\",\"mode\":\"%s\",\"check\":\"%s\"}\n", workload->name, run->mode,
		       run_failure());
}
