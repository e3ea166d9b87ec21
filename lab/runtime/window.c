#include "ring.h"
#include "../machine/pci.h"
#include "../protocol/places.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Takes `fd`. */
static int bell_open(struct ring *ring, int fd, uint64_t offset)
{
	uint8_t *page = MAP_FAILED;

	if (fd >= 0)
		page = mmap(NULL, VGPU_PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, (off_t)offset);
	if (page == MAP_FAILED)
		vgpu_fail(errno, "the doorbell of the GPU: %s", strerror(errno));
	if (fd >= 0)
		close(fd);
	if (page == MAP_FAILED)
		return -EIO;
	ring->doorbell = (volatile uint32_t *)(page + VGPU_DOORBELL);
	return 0;
}

/* Takes `fd`. */
static int window_open(struct ring *ring, int fd, uint64_t offset)
{
	if (fd < 0)
		return vgpu_fail(errno, "the GPU's window: %s", strerror(errno));
	ring->window_fd = fd;
	ring->window_offset = offset;
	ring->window = mmap(NULL, VGPU_WINDOW, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (ring->window == MAP_FAILED) {
		ring->window = NULL;
		return vgpu_fail(errno, "address space for the GPU: %s", strerror(errno));
	}
	return window_show(ring, VGPU_REGS, VGPU_GTT(1));
}

int window_show(struct ring *ring, uint64_t offset, uint64_t bytes)
{
	uint64_t whole = (bytes + VGPU_PAGE - 1) & ~(uint64_t)(VGPU_PAGE - 1);

	if (mmap(ring->window + offset, whole, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, ring->window_fd,
		 (off_t)(ring->window_offset + offset)) == MAP_FAILED)
		return vgpu_fail(errno, "mapping %llu bytes of the GPU at %#llx: %s", (unsigned long long)bytes,
				 (unsigned long long)offset, strerror(errno));
	return 0;
}

int window_from_pci(struct ring *ring)
{
	char device[PCI_NAME_BYTES];
	int error;

	if (!pci_find(device, sizeof(device)))
		return vgpu_fail(ENODEV, "no PCI device %04x:%04x here", VGPU_PCI_VENDOR, VGPU_PCI_DEVICE);
	pci_enable(device);
	error = bell_open(ring, pci_open(device, PCI_BAR_DOORBELL), 0);
	return error ? error : window_open(ring, pci_open(device, PCI_BAR_WINDOW), 0);
}

static int physical_memory(void)
{
	return open("/dev/mem", O_RDWR | O_CLOEXEC | O_SYNC);
}

int window_from_guest(struct ring *ring, int with_doorbell)
{
	int error = with_doorbell ? bell_open(ring, physical_memory(), GUEST_DOORBELL) : 0;

	return error ? error : window_open(ring, physical_memory(), GUEST_WINDOW);
}

void window_close(struct ring *ring)
{
	if (ring->doorbell)
		munmap((uint8_t *)(uintptr_t)ring->doorbell - VGPU_DOORBELL, VGPU_PAGE);
	if (ring->window)
		munmap(ring->window, VGPU_WINDOW);
	if (ring->window_fd > 0)
		close(ring->window_fd);
}
