/*
 * probe-map, probe-submit, probe-handle, probe-hang: programs that try what a guest must not be able to do.
 * Each prints one JSON line with a verdict: "refused" (the boundary held) or "allowed" (it did not, or there is
 * none in this mode). Exit status 0 in both.
 *
 * The canary is the last page of the GPU's memory: in no slice, no heap and no object of anyone, and filled
 * by the GPU with a word that this program knows.
 */
#include "../machine/wait.h"
#include "../protocol/places.h"
#include "../protocol/pvdrm.h"
#include "../runtime/ring.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define REFUSED "refused"
#define ALLOWED "allowed"
#define START_NS 1000000000ull
#define HANG_MS "4000"

static char evidence[256];

static const char *verdict(const char *word, const char *why)
{
	snprintf(evidence, sizeof(evidence), "%s", why);
	return word;
}

static sigjmp_buf escape;

static void on_fault(int number)
{
	siglongjmp(escape, number);
}

static int guarded_read(const volatile uint64_t *at, uint64_t *value)
{
	struct sigaction action = { .sa_handler = on_fault };

	sigaction(SIGBUS, &action, NULL);
	sigaction(SIGSEGV, &action, NULL);
	if (sigsetjmp(escape, 1))
		return -1;
	*value = *at;
	return 0;
}

static int has_window(const struct vgpu *gpu)
{
	return strcmp(vgpu_mode(gpu), "native") != 0;
}

/* Maps the page where the canary would be, and reads it. */
static const char *probe_map(struct vgpu *gpu)
{
	const volatile uint64_t *page;
	uint64_t word = 0;
	int fd;

	if (!has_window(gpu)) /* bare: the whole card is the program's */
		return verdict(ALLOWED, "no boundary: the driver maps all of the card");
	fd = open("/dev/mem", O_RDWR | O_SYNC | O_CLOEXEC);
	if (fd < 0)
		return verdict(REFUSED, "/dev/mem does not open");
	page = mmap(NULL, VGPU_PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, (off_t)(GUEST_WINDOW + VGPU_CANARY));
	close(fd);
	if (page == MAP_FAILED)
		return verdict(REFUSED, "the page does not map");
	if (guarded_read(page, &word))
		return verdict(REFUSED, "reading the page faults");
	if (word == VGPU_CANARY_WORD)
		return verdict(ALLOWED, "the canary can be read");
	return verdict(REFUSED, "the page reads as nothing");
}

/* A driver that holds the page table tries to bind the canary's page; others have no table to write. */
static void bind_canary(struct vgpu *gpu)
{
	struct vgpu_buffer canary = { .address = VGPU_CANARY, .bytes = VGPU_PAGE };

	if (gpu->boundary->ops->bind)
		gpu->boundary->ops->bind(gpu, &canary);
}

static struct vgpu_command copy_of(uint64_t to, uint64_t from)
{
	return (struct vgpu_command){
		.header = { .opcode = VGPU_COPY, .bytes = sizeof(struct vgpu_header) + 24 },
		.copy = { .to = to, .from = from, .bytes = 8 },
	};
}

/* Has the GPU copy the canary into a buffer of ours; a whole-card driver binds the page for itself first. */
static const char *probe_submit(struct vgpu *gpu)
{
	struct vgpu_command command;
	struct vgpu_buffer buffer;
	uint64_t word = 0;

	if (vgpu_alloc(gpu, VGPU_PAGE, VGPU_VRAM, &buffer) || vgpu_copy_to(gpu, &buffer, &word, sizeof(word)))
		return NULL;
	command = copy_of(buffer.address, VGPU_CANARY);
	bind_canary(gpu);
	if (vgpu_command(gpu, &command) || vgpu_wait(gpu))
		return verdict(REFUSED, vgpu_reason());
	if (vgpu_copy_from(gpu, &word, &buffer, sizeof(word)))
		return NULL;
	return word == VGPU_CANARY_WORD ? verdict(ALLOWED, "the GPU copied the canary to us")
					: verdict(REFUSED, "the copy brought nothing");
}

/* What a name alone is good for: the object by its global name, its memory by mapping or by copying. */
static int use_handle(struct vgpu *gpu, uint32_t handle)
{
	struct vgpu_buffer forged = { .bytes = 8, .capacity = VGPU_PAGE, .handle = handle };
	uint64_t word;

	if (gpu->boundary->ops->adopt && !gpu->boundary->ops->adopt(gpu, handle))
		return 0;
	return gpu->boundary->ops->copy_from ? vgpu_copy_from(gpu, &word, &forged, sizeof(word)) : vgpu_map(gpu, &forged);
}

static void forge(struct vgpu *gpu, volatile uint32_t *at, uint32_t value)
{
	if (((const struct ring *)gpu->state)->trapped)
		vgpu_cross(gpu, CROSS_REGISTER_WRITE);
	__atomic_store_n(at, value, __ATOMIC_RELEASE);
}

static uint32_t answer(struct vgpu *gpu, const volatile uint32_t *at)
{
	if (((const struct ring *)gpu->state)->trapped)
		vgpu_cross(gpu, CROSS_REGISTER_READ);
	return __atomic_load_n(at, __ATOMIC_ACQUIRE);
}

/* Where the guest holds the driver, what names memory is the ring's address: it starts on another channel's. */
static const char *forge_ring(struct vgpu *gpu)
{
	struct ring *ring = gpu->state;
	volatile struct vgpu_channel_regs *regs = (volatile struct vgpu_channel_regs *)(ring->window + VGPU_CHANNEL(0));
	struct wait wait = { 0 };

	forge(gpu, (volatile uint32_t *)&regs->ring_base, VGPU_RING(1));
	forge(gpu, &regs->enable, 1);
	if (ring->doorbell)
		__atomic_store_n(ring->doorbell, VGPU_RING_THE_BELL(VGPU_BELL_CONTROL), __ATOMIC_RELEASE);
	do {
		if (answer(gpu, &regs->state) == VGPU_CHANNEL_FAULTED)
			return verdict(REFUSED, "another channel's ring was refused");
		if (answer(gpu, &regs->enable) == VGPU_ENABLED)
			return verdict(ALLOWED, "the GPU runs another channel's ring for us");
	} while (!wait_on(&wait, 0, START_NS));
	return verdict(REFUSED, "another channel's ring was never started");
}

/* With cache=1 this guest's own freed objects rest in its pool: their names are not forged. */
static int is_pooled(uint32_t handle)
{
	static struct pvdrm_front_state state;
	int fd = open(PVDRM_FRONT_STATE, O_RDONLY | O_CLOEXEC);
	int found = 0;

	if (fd < 0)
		return 0;
	if (read(fd, &state, sizeof(state)) == sizeof(state))
		for (unsigned int i = 0; i < PVDRM_POOL; i++)
			found |= state.pool[i].global == handle;
	close(fd);
	return found && handle;
}

/* Names what is not ours, among it dom0's own object with number 1: no call on any may succeed. */
static const char *probe_handle(struct vgpu *gpu)
{
	struct vgpu_buffer own;
	unsigned int tried = 0, taken = 0;

	if (gpu->boundary->ops->bind)
		return forge_ring(gpu);
	if (vgpu_alloc(gpu, VGPU_PAGE, VGPU_VRAM, &own))
		return NULL;
	for (uint32_t handle = 0; handle < 2000; handle += handle < 40 ? 1 : 49) {
		if (handle == own.handle || handle == gpu->fences.handle || is_pooled(handle))
			continue;
		tried++;
		taken += use_handle(gpu, handle) == 0;
	}
	snprintf(evidence, sizeof(evidence), "%u of %u forged handles were served", taken, tried);
	return taken ? ALLOWED : REFUSED;
}

/* Hangs the GPU. Refused: somebody ended it, the program was told, and the GPU works again. */
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
	snprintf(evidence, sizeof(evidence), "%s; it works again", told);
	return REFUSED;
}

static const char *run(const char *name, struct vgpu **gpu)
{
	if (!strcmp(name, "probe-map"))
		return probe_map(*gpu);
	if (!strcmp(name, "probe-submit"))
		return probe_submit(*gpu);
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
	printf("{\"probe\":\"%s\",\"mode\":\"%s\",\"verdict\":\"%s\",\"evidence\":\"%s\"}\n", name, mode, outcome, evidence);
	return 0;
}
