/* SIGTERM and SIGINT as a descriptor to poll with others: no handler, and no signal is lost between a check
   and a sleep. */
#ifndef VGPU_QUIT_H
#define VGPU_QUIT_H

/* Before any thread is started, so that all of them ignore the signals. The descriptor, or -1 with errno. */
int quit_open(void);

/* Whether one has arrived; that does not change back. */
int quit_asked(int quit);

#endif
