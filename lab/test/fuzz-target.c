#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>

struct gpu gpu;
struct card card;

void must(int holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "fuzz: %s\n", what);
	abort();
}

void check_host(void)
{
	for (uint64_t at = FUZZ_RAM / 2; at < FUZZ_RAM; at += 8)
		must(!*(const uint64_t *)(gpu.ram + at), "a guest has the GPU write what its IOMMU keeps from it");
}

void check_canary(void)
{
	const uint64_t *page = (const uint64_t *)(card.window + VGPU_CANARY);

	for (unsigned int i = 0; i < VGPU_PAGE / 8; i++)
		must(page[i] == VGPU_CANARY_WORD, "a guest wrote the canary's page");
	check_host();
}
