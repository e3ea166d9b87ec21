/*
 * The mode that dom0 is in, and whom it serves, in a file: written before anything is changed, and removed
 * when everything is undone, so that the successor of a killed program knows what to look for.
 */
#ifndef VGPU_RECORD_H
#define VGPU_RECORD_H

#include "card.h"
#include "domains.h"

#define RECORD_FILE "/run/vgpu/mode"

struct record {
	char mode[32]; /* "": none */
	unsigned int guests;
	char guest[GUESTS_MAX][DOMAIN_NAME_BYTES];
};

void record_read(struct record *record);
/* 0, or -1 with errno. */
int record_write(const char *mode, char *const guests[]);
void record_remove(void);

#endif
