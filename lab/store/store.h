/* xenstore as both ends of pvdrm use it: numbers in nodes. */
#ifndef VGPU_STORE_H
#define VGPU_STORE_H

#include <xenstore.h>

/* What is written there; 0 where nothing is. */
unsigned int store_number(struct xs_handle *store, const char *path);
/* 0, or -1 with errno. */
int store_number_write(struct xs_handle *store, const char *path, unsigned int value);

#endif
