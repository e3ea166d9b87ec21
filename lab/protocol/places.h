/* Where a guest finds what dom0 maps or traps for it, in guest-physical addresses. */
#ifndef VGPU_PLACES_H
#define VGPU_PLACES_H

/* The GPU's window appears whole, in part, or not at all; each byte always at its own offset. */
#define GUEST_WINDOW 0x40000000ull
/* Where it maps GART pages that were granted to it, each at its own offset, and beside what any mode of dom0's maps. */
#define GUEST_GRANTS 0x50000000ull
/* The page with the doorbell: mapped in passthrough only. */
#define GUEST_DOORBELL 0x4f000000ull

#endif
