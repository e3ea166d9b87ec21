/*
 * The second serial port, with the lab on the host at its other end. The machine sends "hello" when it wants
 * to be woken, and "awake CLOCKSOURCE NS" when it is; the host sends "wake NS-SINCE-1970 SEED".
 */
#ifndef VGPU_LINE_H
#define VGPU_LINE_H

#include "awake.h"

struct line {
	int fd;
	size_t used;
	char text[4 * SEED_BYTES];
};

/* 0, or -1 with errno. */
int line_open(struct line *line);

void line_say(const struct line *line, const char *word, const char *more);

/*
 * Reads what has arrived, and carries out a complete request to wake: 1 if there was one, with the step of
 * the clock in ns; 0 if more is to come; -1 if the line is closed.
 */
int line_wake(struct line *line, int64_t *step_ns);

#endif
