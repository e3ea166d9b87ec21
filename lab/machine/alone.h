/* Only one vgpu-mode runs on a machine at a time. */
#ifndef VGPU_ALONE_H
#define VGPU_ALONE_H

/*
 * Waits for another one to finish, and holds the place until we end; a child that is forked meanwhile also
 * holds it, until it runs its own program. 0, or prints that the other takes too long and returns -1.
 */
int be_alone(void);

#endif
