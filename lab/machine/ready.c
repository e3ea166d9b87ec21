#include "ready.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

void ready(const char *format, ...)
{
	const char *waiting = getenv(READY_VARIABLE);
	va_list arguments;

	fputs(READY_WORD, stdout);
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	putchar('\n');
	fflush(stdout);
	if (!waiting)
		return;
	/* If nobody waits any more, we still serve. */
	send(atoi(waiting), "", 1, MSG_NOSIGNAL);
	close(atoi(waiting));
}

void ready_ended(void)
{
	fputs(READY_ENDED, stdout);
	fflush(stdout);
}
