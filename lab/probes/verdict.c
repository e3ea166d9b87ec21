#include "verdict.h"

#include <stdarg.h>
#include <stdio.h>

static char evidence[256];

const char *verdict(const char *word, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(evidence, sizeof(evidence), format, arguments);
	va_end(arguments);
	return word;
}

const char *verdict_evidence(void)
{
	return evidence;
}
