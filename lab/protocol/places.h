/* Where a guest finds what dom0 maps or traps for it, in guest-physical addresses. */
#ifndef VGPU_PLACES_H
#define VGPU_PLACES_H

/* The GPU's window appears completely, in part, or not at all; each byte always at its own offset. */
#define GUEST_WINDOW 0x40000000ull
/* Where it maps granted GART pages, each at its own offset, outside everything that dom0 maps in any mode. */
#define GUEST_GRANTS 0x50000000ull
/* The page with the doorbell: mapped in passthrough only. */
#define GUEST_DOORBELL 0x4f000000ull

#endif
