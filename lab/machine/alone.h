/* One vgpu-mode of a machine at a time. */
#ifndef VGPU_ALONE_H
#define VGPU_ALONE_H

/*
 * Waits for another to be done, and holds the place until we end; a child that is forked meanwhile holds it, too, until
 * it runs a program of its own. 0, or prints that the other takes too long and returns -1.
 */
int be_alone(void);

#endif
