/* Inputs that are the same in every mode, and memory to keep them in. */
#include "workload.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
