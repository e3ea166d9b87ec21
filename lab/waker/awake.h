/* What a machine needs after it was asleep: the time of day, and randomness unique to this waking. */
#ifndef VGPU_AWAKE_H
#define VGPU_AWAKE_H

#include <stddef.h>
#include <stdint.h>

#define SEED_BYTES 64
#define AWAKE_TEXT 64

/* Sets the time of day forward or back; errors are printed on stderr, and the machine continues. */
void clock_step(int64_t step_ns);

/* From now to a time in ns since 1970. */
int64_t clock_distance(int64_t realtime_ns);

/* Reseeds the kernel's random numbers with these bytes, in hexadecimal digits. */
void reseed(const char *digits);

/* Fresh bytes of the kernel's own, as hexadecimal digits: 2 * SEED_BYTES, and the end. */
void fresh_seed(char *digits);

/* "tsc 83": the clocksource, and the ns per reading. */
void awake_text(char *text);

#endif
