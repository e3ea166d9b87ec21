/* Memory of dom0 for GART objects: granted to one guest, and reported to the IOMMU while an object has it. */
#ifndef VGPU_PVDRM_GART_H
#define VGPU_PVDRM_GART_H

#include "gem.h"

/*
 * Before anything else is mapped: if this process is killed, another process keeps the memory until the GPU,
 * which may still write there, is reset. 0, or -1 with errno.
 */
int gart_open(const struct card *card);

/* A page, all zero, that the domain may map; a client keeps its pages as long as this process lives. 0, or
   -errno. */
int gart_take(uint32_t client, uint32_t domain, struct gart_page *page);
/* Takes back a page that is all zero again. */
void gart_give(uint32_t client, const struct gart_page *page);

/* An orderly end: the GPU has been reset. */
void gart_close(void);

#endif
