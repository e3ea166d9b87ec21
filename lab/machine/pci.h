/* The GPU on the PCI bus of the machine that has it, according to sysfs. */
#ifndef VGPU_PCI_H
#define VGPU_PCI_H

#include <stddef.h>
#include <stdint.h>

#define PCI_NAME_BYTES 80
enum { PCI_BAR_DOORBELL = 0, PCI_BAR_WINDOW = 2 };

/* The GPU's address on the bus ("0000:00:03.0"); 0 if there is none. */
int pci_find(char *device, size_t size);

/* The same for the IOMMU device, which says which host memory the GPU may reach. */
int pci_find_iommu(char *device, size_t size);

/* Lets it answer on its BARs; that is usually done by a driver, but there is none. */
void pci_enable(const char *device);

/* A descriptor to map the BAR by, or -1 with errno. */
int pci_open(const char *device, unsigned int bar);

/* The machine frame where the BAR begins. */
uint64_t pci_frame(const char *device, unsigned int bar);

#endif
