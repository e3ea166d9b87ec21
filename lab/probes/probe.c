/*
 * probe-map, probe-submit, probe-handle, probe-hang: programs that attempt what a guest must not be able to
 * do. Each prints one JSON line with a verdict: "refused" (the boundary held) or "allowed" (it did not, or
 * there is none in this mode). Exit status 0 in both cases.
 *
 * The canary is the last page of the GPU's memory: in no slice, heap or object, and filled by the GPU with a
 * word that this program knows. The program restores whatever it overwrites there.
 */
#include "probe.h"
#include "verdict.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HANG_MS "4000"

/* Hangs the GPU. Refused: somebody ended it, the program was notified, and the GPU works again. */
static const char *probe_hang(struct vgpu **gpu)
{
	struct vgpu_command hang = { .header = { .opcode = VGPU_HANG, .bytes = sizeof(struct vgpu_header) } };
	char told[128];

	if (vgpu_command(*gpu, &hang))
		return NULL;
	if (!vgpu_wait(*gpu))
		return verdict(ALLOWED, "the hang was never told");
	snprintf(told, sizeof(told), "%s", vgpu_reason());
	vgpu_close(*gpu, NULL);
	*gpu = NULL;
	if (vgpu_open(gpu) || vgpu_launch(*gpu, VGPU_KERNEL_NOP, NULL, 0) || vgpu_wait(*gpu))
		return verdict(ALLOWED, "the GPU does not work after the hang");
	if (!strcmp(vgpu_mode(*gpu), "native") || !strcmp(vgpu_mode(*gpu), "passthrough"))
		return verdict(ALLOWED, "the whole GPU hung until this program's own driver reset it");
	return verdict(REFUSED, "%s; it works again", told);
}

static const char *run(const char *name, struct vgpu **gpu)
{
	if (!strcmp(name, "probe-map"))
		return probe_map(*gpu);
	if (!strcmp(name, "probe-submit"))
		return probe_submit(gpu);
	if (!strcmp(name, "probe-handle"))
		return probe_handle(*gpu);
	return strcmp(name, "probe-hang") ? NULL : probe_hang(gpu);
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : strrchr(argv[0], '/') ? strrchr(argv[0], '/') + 1 : argv[0];
	const char *outcome;
	struct vgpu *gpu;
	char mode[32];

	setenv("VGPU_HANG_MS", HANG_MS, 0);
	if (strncmp(name, "probe-", 6)) {
		fprintf(stderr, "usage: probe-map|probe-submit|probe-handle|probe-hang\n");
		return 2;
	}
	if (vgpu_open(&gpu)) {
		fprintf(stderr, "%s: %s\n", name, vgpu_reason());
		return 1;
	}
	snprintf(mode, sizeof(mode), "%s", vgpu_mode(gpu));
	outcome = run(name, &gpu);
	if (gpu)
		vgpu_close(gpu, NULL);
	if (!outcome) {
		fprintf(stderr, "%s: %s\n", name, vgpu_reason());
		return 1;
	}
	printf("{\"probe\":\"%s\",\"mode\":\"%s\",\"verdict\":\"%s\",\"evidence\":\"%s\"}\n", name, mode, outcome,
	       verdict_evidence());
	return 0;
}
