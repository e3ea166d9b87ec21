/* The nodes of a PVDRM device in xenstore, as CPFL/pvdrm's tools/vdrm writes them. */
#ifndef VGPU_VDRM_H
#define VGPU_VDRM_H

#include <stddef.h>
#include <stdint.h>
#include <xenstore.h>

/* Creates them again, with both ends in their initial state. 0, or -1 with errno. */
int vdrm_attach(struct xs_handle *store, uint32_t domain);
void vdrm_detach(struct xs_handle *store, uint32_t domain);

/* The folder of each end. */
void vdrm_front_path(uint32_t domain, char *path, size_t size);
void vdrm_back_path(uint32_t domain, char *path, size_t size);

#endif
