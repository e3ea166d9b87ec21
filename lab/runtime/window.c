#include "ring.h"
#include "../protocol/places.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PCI_DEVICES "/sys/bus/pci/devices"

static unsigned long attribute(const char *device, const char *name)
{
	char path[512], text[32] = "";
	FILE *file;

	snprintf(path, sizeof(path), PCI_DEVICES "/%s/%s", device, name);
	file = fopen(path, "re");
	if (!file)
		return 0;
	if (!fgets(text, sizeof(text), file))
		text[0] = 0;
	fclose(file);
	return strtoul(text, NULL, 0);
}

static int pci_find(char *name, size_t size)
{
	DIR *directory = opendir(PCI_DEVICES);
	struct dirent *entry;
	int found = 0;

	while (directory && !found && (entry = readdir(directory)))
		if (attribute(entry->d_name, "vendor") == VGPU_PCI_VENDOR &&
		    attribute(entry->d_name, "device") == VGPU_PCI_DEVICE) {
			snprintf(name, size, "%.64s", entry->d_name);
			found = 1;
		}
	if (directory)
		closedir(directory);
	return found;
}

static void pci_enable(const char *device)
{
	char path[512];
	int fd;

	snprintf(path, sizeof(path), PCI_DEVICES "/%s/enable", device);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	if (write(fd, "1", 1) != 1)
		fprintf(stderr, "vgpu: %s: %s\n", path, strerror(errno));
	close(fd);
}

static volatile uint32_t *bell_open(const char *path, uint64_t offset)
{
	int fd = open(path, O_RDWR | O_CLOEXEC | O_SYNC);
	uint8_t *page;

	if (fd < 0)
		return NULL;
	page = mmap(NULL, VGPU_PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, (off_t)offset);
	close(fd);
	return page == MAP_FAILED ? NULL : (volatile uint32_t *)(page + VGPU_DOORBELL);
}

static int window_open(struct ring *ring, const char *path, uint64_t offset)
{
	ring->window_fd = open(path, O_RDWR | O_CLOEXEC | O_SYNC);
	if (ring->window_fd < 0)
		return vgpu_fail(errno, "%s: %s", path, strerror(errno));
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
	char device[80], window[512], bell[512];

	if (!pci_find(device, sizeof(device)))
		return vgpu_fail(ENODEV, "no PCI device %04x:%04x here", VGPU_PCI_VENDOR, VGPU_PCI_DEVICE);
	pci_enable(device);
	snprintf(window, sizeof(window), PCI_DEVICES "/%s/resource2", device);
	snprintf(bell, sizeof(bell), PCI_DEVICES "/%s/resource0", device);
	ring->doorbell = bell_open(bell, 0);
	if (!ring->doorbell)
		return vgpu_fail(errno, "%s: %s", bell, strerror(errno));
	return window_open(ring, window, 0);
}

int window_from_guest(struct ring *ring, int with_doorbell)
{
	if (with_doorbell) {
		ring->doorbell = bell_open("/dev/mem", GUEST_DOORBELL);
		if (!ring->doorbell)
			return vgpu_fail(errno, "the doorbell in /dev/mem: %s", strerror(errno));
	}
	return window_open(ring, "/dev/mem", GUEST_WINDOW);
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
