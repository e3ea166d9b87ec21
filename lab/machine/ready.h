/* How a daemon says that it serves, and that it is done: by lines in its log, and a byte to whoever waits for it. */
#ifndef VGPU_READY_H
#define VGPU_READY_H

#define READY_WORD "ready: "
/* The environment variable that names the socket to send the byte to. */
#define READY_VARIABLE "VGPU_READY"

/* Prints "ready: " and its settings, as evidence quotes them. Once in a process's life. */
void ready(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The last it prints, where it ended as it was told to: whatever it had given to guests is taken back. */
#define READY_ENDED "ended\n"
void ready_ended(void);

#endif
