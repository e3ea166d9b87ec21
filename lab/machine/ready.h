/* How a daemon reports that it serves, and that it is done: with lines in its log, and a byte to whoever
   waits for it. */
#ifndef VGPU_READY_H
#define VGPU_READY_H

#define READY_WORD "ready: "
/* The environment variable that names the socket to send the byte to. */
#define READY_VARIABLE "VGPU_READY"

/* Prints "ready: " and its settings, as quoted in evidence. Once per process. */
void ready(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The last line it prints after an orderly end: everything it had given to guests has been taken back. */
#define READY_ENDED "ended\n"
void ready_ended(void);

#endif
