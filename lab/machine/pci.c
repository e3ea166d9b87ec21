#include "pci.h"
#include "../abi/abi.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>

#define PCI_DEVICES "/sys/bus/pci/devices"

static FILE *attribute(const char *device, const char *name, const char *mode)
{
	char path[512];

	snprintf(path, sizeof(path), PCI_DEVICES "/%s/%s", device, name);
	return fopen(path, mode);
}

static unsigned long number(const char *device, const char *name)
{
	char text[64] = "";
	FILE *file = attribute(device, name, "re");

	if (!file)
		return 0;
	if (!fgets(text, sizeof(text), file))
		text[0] = 0;
	fclose(file);
	return strtoul(text, NULL, 0);
}

/* `resource` has a line per BAR: first byte, last byte, flags. */
static void bar_ends(const char *device, unsigned int bar, uint64_t *first, uint64_t *last)
{
	char line[128] = "", *rest;
	FILE *file = attribute(device, "resource", "re");

	for (unsigned int i = 0; file && i <= bar; i++)
		if (!fgets(line, sizeof(line), file))
			line[0] = 0;
	if (file)
		fclose(file);
	*first = strtoull(line, &rest, 16);
	*last = strtoull(rest, NULL, 16);
}

static int has_window(const char *device, uint64_t bytes)
{
	uint64_t first, last;

	bar_ends(device, PCI_BAR_WINDOW, &first, &last);
	return last - first + 1 == bytes;
}

/* Our devices are distinguished by the size of their window. */
static int find(char *device, size_t size, uint64_t bytes)
{
	DIR *directory = opendir(PCI_DEVICES);
	struct dirent *entry;
	int found = 0;

	while (directory && !found && (entry = readdir(directory)))
		if (number(entry->d_name, "vendor") == VGPU_PCI_VENDOR &&
		    number(entry->d_name, "device") == VGPU_PCI_DEVICE && has_window(entry->d_name, bytes)) {
			snprintf(device, size, "%.64s", entry->d_name);
			found = 1;
		}
	if (directory)
		closedir(directory);
	return found;
}

int pci_find(char *device, size_t size)
{
	return find(device, size, VGPU_WINDOW);
}

int pci_find_iommu(char *device, size_t size)
{
	return find(device, size, VGPU_IOMMU_BYTES);
}

void pci_enable(const char *device)
{
	FILE *file = attribute(device, "enable", "we");

	if (!file)
		return;
	fputs("1", file);
	fclose(file);
}

int pci_open(const char *device, unsigned int bar)
{
	char path[512];

	snprintf(path, sizeof(path), PCI_DEVICES "/%s/resource%u", device, bar);
	return open(path, O_RDWR | O_CLOEXEC | O_SYNC);
}

uint64_t pci_frame(const char *device, unsigned int bar)
{
	uint64_t first, last;

	bar_ends(device, bar, &first, &last);
	return first >> VGPU_PAGE_SHIFT;
}
