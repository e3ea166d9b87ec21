/* Compares the GPU's results with the CPU's. */
#include "workload.h"

#include <math.h>

/* FNV-1a of the GPU's result: equal across modes if the results are. */
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
			return run_fail(WRONG "word %llu is %u, not %u", (unsigned long long)i, a[i], b[i]);
	return 0;
}

int check_close(struct run *run, const float *got, const float *expected, uint64_t count)
{
	run->checksum ^= checksum(got, count * sizeof(*got));
	for (uint64_t i = 0; i < count; i++) {
		float scale = fmaxf(1.0f, fmaxf(fabsf(got[i]), fabsf(expected[i])));

		if (!(fabsf(got[i] - expected[i]) <= 1e-4f * scale))
			return run_fail(WRONG "element %llu is %g, not %g", (unsigned long long)i,
					(double)got[i], (double)expected[i]);
	}
	return 0;
}
