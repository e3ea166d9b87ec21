/* Prints constants that both the lab and the harness need, as defined in the lab's C: one JSON object. */
#include "../abi/abi.h"
#include "../dom0/card.h"
#include "../gpu/gpu.h"
#include "../protocol/forward.h"
#include "../protocol/pvdrm.h"

#include <stdio.h>

static const struct {
	const char *name;
	uint64_t value;
} numbers[] = {
	{ "magic", VGPU_MAGIC },
	{ "connected", PVDRM_CONNECTED },
	{ "guestsMax", GUESTS_MAX },
	{ "ram", GPU_RAM_FD },
	{ "iommu", GPU_IOMMU_FD },
	{ "iommuBytes", VGPU_IOMMU_BYTES },
};

static void print_kinds(const char *name, const enum crossing *kinds, unsigned int first, unsigned int end)
{
	printf("\"%s\":[", name);
	for (unsigned int i = first; i < end; i++)
		printf("%s\"%s\"", i > first ? "," : "", crossing_names[kinds ? kinds[i] : i]);
	printf("]");
}

int main(void)
{
	printf("{");
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		printf("\"%s\":%llu,", numbers[i].name, (unsigned long long)numbers[i].value);
	print_kinds("kinds", NULL, 0, CROSS_HYPERCALLS);
	printf(",");
	print_kinds("hypercalls", NULL, CROSS_HYPERCALLS, CROSS_DELAYS);
	printf(",");
	print_kinds("pvdrm", pvdrm_crossing, PVDRM_FILE_OPEN, PVDRM_CODES);
	printf(",");
	print_kinds("forwarding", forward_crossing, FORWARD_OPEN, FORWARD_OPS);
	printf("}\n");
	return 0;
}
