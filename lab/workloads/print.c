/* The JSON lines that a workload prints. */
#include "workload.h"

#include <stdio.h>
#include <string.h>

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

/* What of a figure is the clock's own. Waits read it, too, beyond their first looks, but nap longer than that takes. */
static double clock_share(const struct run *run, uint64_t total)
{
	double share = total ? (double)(run->readings * run->reading_ns) / (double)total : 0;

	return share < 1 ? share : 1;
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
	print_crossings(&run->usage.crossings);
	printf(",\"clockShare\":%.3g,\"crossingsTotal\":%llu,\"checksum\":\"%016llx\",\"check\":\"ok\"}\n",
	       clock_share(run, total), (unsigned long long)crossings_total(&run->usage.crossings),
	       (unsigned long long)run->checksum);
	fflush(stdout);
}

/* A wrong result is told apart from a failure by a line of its own: it casts doubt on more than this run. */
void print_failure(const struct workload *workload, const struct run *run)
{
	fprintf(stderr, "%s: %s\n", workload->name, run_failure());
	if (strncmp(run_failure(), WRONG, strlen(WRONG)) == 0)
		printf("{\"workload\":\"%s\",\"mode\":\"%s\",\"check\":\"%s\"}\n", workload->name, run->mode,
		       run_failure());
}
