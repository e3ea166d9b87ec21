/* Xen's headers in their required order, and the two domctls that map pages of the GPU into a guest. */
#ifndef VGPU_XEN_H
#define VGPU_XEN_H

#include <stddef.h>
#include <stdint.h>
#ifndef __XEN_TOOLS__
#define __XEN_TOOLS__ 1
#endif
#include <xen/xen.h>
#include <xenctrl.h>

/* Maps (or unmaps) `pages` machine frames at guest frame `gfn`; permission first, or last. 0, or -errno. */
int guest_map(xc_interface *xc, uint32_t domain, uint64_t gfn, uint64_t frame, uint64_t pages);
int guest_unmap(xc_interface *xc, uint32_t domain, uint64_t gfn, uint64_t frame, uint64_t pages);

#endif
