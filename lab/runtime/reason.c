#include "boundary.h"

#include <stdarg.h>
#include <stdio.h>

static char reason[256] = "no error";

const char *vgpu_reason(void)
{
	return reason;
}

int vgpu_fail(int error, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(reason, sizeof(reason), format, arguments);
	va_end(arguments);
	return -error;
}
