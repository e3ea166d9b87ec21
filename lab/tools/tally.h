/* All crossings counted by this machine since it booted, as JSON: by who made them, and by kind. */
#ifndef VGPU_TALLY_H
#define VGPU_TALLY_H

void tally_print(void);

#endif
