/* probe-map and probe-submit: access to the canary's page, and to pages of neighbours, by the CPU and by the
   GPU. */
#include "probe.h"
#include "neighbours.h"
#include "verdict.h"
#include "../machine/pci.h"
#include "../protocol/places.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define NOTHING UINT64_MAX /* the value read from an empty place, or if the read is trapped and refused */
#define FORGED_WORD 0x64656772756f6621ull

static sigjmp_buf escape;

static void on_fault(int number)
{
	siglongjmp(escape, number);
}

static int guarded_read(const volatile uint64_t *at, uint64_t *value)
{
	struct sigaction action = { .sa_handler = on_fault }, bus, fault; /* the runtime may have a handler, too */
	volatile int faulted = 1;

	sigaction(SIGBUS, &action, &bus);
	sigaction(SIGSEGV, &action, &fault);
	if (!sigsetjmp(escape, 1)) {
		*value = *at;
		faulted = 0;
	}
	sigaction(SIGBUS, &bus, NULL);
	sigaction(SIGSEGV, &fault, NULL);
	return faulted;
}

/* The GPU's window: on the PCI bus, or where dom0 maps it for guests. */
static int window_fd(uint64_t *offset)
{
	char device[PCI_NAME_BYTES];

	*offset = 0;
	if (pci_find(device, sizeof(device)))
		return pci_open(device, PCI_BAR_WINDOW);
	*offset = GUEST_WINDOW;
	return open("/dev/mem", O_RDWR | O_SYNC | O_CLOEXEC);
}

/* Maps the page at `at` and reads its first word. Returns NULL, or the reason for failure. */
static const char *look(uint64_t at, uint64_t *word)
{
	volatile uint64_t *page;
	uint64_t offset;
	int fd = window_fd(&offset);
	int faulted;

	if (fd < 0)
		return "the GPU's window does not open";
	page = mmap(NULL, VGPU_PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, (off_t)(offset + at));
	close(fd);
	if (page == MAP_FAILED)
		return "the page does not map";
	faulted = guarded_read(page, word);
	munmap((void *)(uintptr_t)page, VGPU_PAGE);
	if (faulted)
		return "reading the page faults";
	return *word == NOTHING ? "the page reads as nothing" : NULL;
}

/* Maps the page where the canary would be, and those where a neighbour's would be, and reads them. */
const char *probe_map(struct vgpu *gpu)
{
	uint64_t at[STRANGERS], word = 0;
	struct vgpu_buffer own;
	unsigned int count;
	const char *why = NULL;

	if (vgpu_alloc(gpu, VGPU_PAGE, VGPU_VRAM, &own))
		return NULL;
	count = strangers(gpu, &own, at);
	for (unsigned int i = 0; i < count; i++) {
		why = look(at[i], &word);
		if (why)
			continue;
		if (i > 0)
			return verdict(ALLOWED, "a page outside of ours can be read, at %#llx",
				       (unsigned long long)at[i]);
		if (word == VGPU_CANARY_WORD)
			return verdict(ALLOWED, "the canary can be read");
		return verdict(ALLOWED, "the canary's page can be read, and does not hold the canary");
	}
	return verdict(REFUSED, "%u of %u pages that are not ours: %s", count, count, why);
}

/* A driver that holds the page table tries to bind a page that is not its own; others have no table to write. */
static void bind(struct vgpu *gpu, uint64_t at)
{
	struct vgpu_buffer page = { .address = at, .bytes = VGPU_PAGE };

	if (gpu->boundary->ops->bind)
		gpu->boundary->ops->bind(gpu, &page);
}

static int write_word(struct vgpu *gpu, uint64_t at, uint64_t value)
{
	struct vgpu_command command = {
		.header = { .opcode = VGPU_FILL, .bytes = sizeof(command.header) + sizeof(command.fill) },
		.fill = { .to = at, .bytes = sizeof(value), .value = value },
	};

	bind(gpu, at);
	return vgpu_command(gpu, &command) || vgpu_wait(gpu);
}

/* Makes the GPU copy a word into a buffer of ours. */
static int read_word(struct vgpu *gpu, struct vgpu_buffer *own, uint64_t at, uint64_t *value)
{
	struct vgpu_command command = {
		.header = { .opcode = VGPU_COPY, .bytes = sizeof(command.header) + sizeof(command.copy) },
		.copy = { .to = own->address, .from = at, .bytes = sizeof(*value) },
	};

	bind(gpu, at);
	if (vgpu_command(gpu, &command) || vgpu_wait(gpu))
		return -1;
	return vgpu_copy_from(gpu, value, own, sizeof(*value));
}

/*
 * The write was not refused: whether it took effect is visible in the CPU's own view of the page, or else the
 * GPU's. NULL if the canary is intact.
 */
static const char *written(struct vgpu *gpu, struct vgpu_buffer *own, uint64_t at)
{
	uint64_t word = 0;

	if (at != VGPU_CANARY)
		return verdict(ALLOWED, "the GPU wrote outside of our memory, at %#llx", (unsigned long long)at);
	if (look(at, &word) && read_word(gpu, own, at, &word))
		return verdict(ALLOWED, "the GPU took a write to the canary's page that we can't see");
	if (word != FORGED_WORD) {
		vgpu_fail(EFAULT, "the GPU took a write to the canary's page, and the canary is whole");
		return NULL;
	}
	if (write_word(gpu, at, VGPU_CANARY_WORD))
		return verdict(ALLOWED, "the GPU wrote the canary's page for us, and did not write it back");
	return verdict(ALLOWED, "the GPU wrote the canary's page for us: the canary was another");
}

static const char *try_write(struct vgpu *gpu, struct vgpu_buffer *own, uint64_t at)
{
	return write_word(gpu, at, FORGED_WORD) ? NULL : written(gpu, own, at);
}

static const char *try_read(struct vgpu *gpu, struct vgpu_buffer *own, uint64_t at)
{
	uint64_t word;

	if (read_word(gpu, own, at, &word))
		return NULL;
	return verdict(ALLOWED, "the GPU read outside of our memory for us, at %#llx", (unsigned long long)at);
}

/* A refused command ends the channel: each attempt takes a program's whole life, and its own object may be
   elsewhere. */
static int anew(struct vgpu **gpu, struct vgpu_buffer *own)
{
	vgpu_close(*gpu, NULL);
	*gpu = NULL;
	return vgpu_open(gpu) || vgpu_alloc(*gpu, VGPU_PAGE, VGPU_VRAM, own);
}

/* Makes the GPU write, and then read, each page that is not ours. */
const char *probe_submit(struct vgpu **gpu)
{
	const char *(*const tries[])(struct vgpu *, struct vgpu_buffer *, uint64_t) = { try_write, try_read };
	char told[128] = "";
	unsigned int refused = 0;

	for (unsigned int i = 0; i < STRANGERS; i++)
		for (unsigned int t = 0; t < 2; t++) {
			struct vgpu_buffer own;
			uint64_t at[STRANGERS];
			const char *allowed;

			if (anew(gpu, &own))
				return NULL;
			if (i >= strangers(*gpu, &own, at))
				continue;
			allowed = tries[t](*gpu, &own, at[i]);
			if (allowed)
				return allowed;
			refused++;
			snprintf(told, sizeof(told), "%s", vgpu_reason());
		}
	return verdict(REFUSED, "all of %u writes and reads of pages that are not ours: %s", refused, told);
}
