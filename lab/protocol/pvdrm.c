#include "pvdrm.h"
#include "../abi/abi.h"

const enum crossing pvdrm_crossing[PVDRM_CODES] = {
	[PVDRM_FILE_OPEN] = CROSS_FILE_OPEN,         [PVDRM_FILE_CLOSE] = CROSS_FILE_CLOSE,
	[PVDRM_GETPARAM] = CROSS_GETPARAM,           [PVDRM_CHANNEL_ALLOC] = CROSS_CHANNEL_ALLOC,
	[PVDRM_CHANNEL_FREE] = CROSS_CHANNEL_FREE,   [PVDRM_GEM_NEW] = CROSS_GEM_NEW,
	[PVDRM_GEM_INFO] = CROSS_GEM_INFO,           [PVDRM_TO_GLOBAL] = CROSS_TO_GLOBAL,
	[PVDRM_GEM_CLOSE] = CROSS_GEM_CLOSE,         [PVDRM_FROM_GLOBAL] = CROSS_FROM_GLOBAL,
	[PVDRM_MMAP] = CROSS_MMAP,                   [PVDRM_FAULT] = CROSS_FAULT,
	[PVDRM_PUSHBUF] = CROSS_PUSHBUF,             [PVDRM_CPU_PREP] = CROSS_CPU_PREP,
};

struct pvdrm_mapped pvdrm_mapped(uint64_t faulted, uint64_t bytes)
{
	uint64_t all = (bytes + VGPU_PAGE - 1) >> VGPU_PAGE_SHIFT;
	struct pvdrm_mapped mapped = { 0 };

	for (uint64_t chunk = 0, left = all; left; chunk++) {
		uint64_t pages = left < PVDRM_FAULT_PAGES ? left : PVDRM_FAULT_PAGES;
		int here = faulted >> chunk & 1, before = chunk > 0 && (faulted >> (chunk - 1) & 1);

		mapped.pages += here ? pages : 0;
		mapped.runs += here && !before;
		left -= pages;
	}
	return mapped;
}
