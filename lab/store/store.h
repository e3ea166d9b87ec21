/* xenstore as both ends of pvdrm use it: numbers in nodes. */
#ifndef VGPU_STORE_H
#define VGPU_STORE_H

#include <xenstore.h>

/* The value written there; 0 if there is none. */
unsigned int store_number(struct xs_handle *store, const char *path);
/* 0, or -1 with errno. */
int store_number_write(struct xs_handle *store, const char *path, unsigned int value);

#endif
