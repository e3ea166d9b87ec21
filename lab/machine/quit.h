/* SIGTERM and SIGINT as a descriptor to poll beside others: no handler, and none comes between a look and a sleep. */
#ifndef VGPU_QUIT_H
#define VGPU_QUIT_H

/* Before any thread is started, so that all of them leave the signals alone. The descriptor, or -1 with errno. */
int quit_open(void);

/* Whether one has come; it stays so. */
int quit_asked(int quit);

#endif
