#include "fact.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void fact(const char *name, const char *format, ...)
{
	va_list arguments;

	printf("%s\t", name);
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	putchar('\n');
}

void fact_line(const char *name, const char *path, const char *beginning, const char *otherwise)
{
	FILE *file = fopen(path, "re");
	char line[256];
	int found = 0;

	while (file && !found && fgets(line, sizeof(line), file))
		found = !strncmp(line, beginning, strlen(beginning));
	if (file)
		fclose(file);
	line[found ? strcspn(line, "\n") : 0] = 0;
	fact(name, "%s", found ? line : otherwise);
}
