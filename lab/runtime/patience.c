#include "boundary.h"

#include <stdlib.h>

#define HANG_MS_DEFAULT 10000
#define WATCHED_MS 60000 /* seven guests with kernels of seconds, on a busy host */

uint64_t vgpu_hang_ns(const struct vgpu *gpu)
{
	const char *given = gpu->boundary->watched ? NULL : getenv("VGPU_HANG_MS");
	long otherwise = gpu->boundary->watched ? WATCHED_MS : HANG_MS_DEFAULT;
	long ms = given ? atol(given) : otherwise;

	return (uint64_t)(ms > 0 ? ms : otherwise) * 1000000ull;
}
