/* The boundaries that dom0 can set up: who serves each, and its options. */
#ifndef VGPU_KINDS_H
#define VGPU_KINDS_H

#include <stddef.h>

#define KIND_OPTIONS 6

struct kind {
	const char *mode;
	const char *program; /* serves it; NULL: none, the GPU is mapped */
	const char *argument; /* its first, or NULL */
	const char *option[KIND_OPTIONS]; /* "name=", up to the first NULL */
	const char *values;   /* of those options, for people */
	unsigned int most;    /* maximum number of guests */
};

extern const struct kind kinds[];
extern const size_t kind_count;

/* NULL if there is none of that name. */
const struct kind *kind_named(const char *mode);
/* Whether `word` sets an option that it has. */
int kind_takes(const struct kind *kind, const char *word);

#endif
