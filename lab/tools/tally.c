#include "tally.h"
#include "../protocol/crossings.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#define SUFFIX ".counters"

static void print(const char *name, const struct crossings *crossings)
{
	printf("\"%s\":{", name);
	for (int kind = 0; kind < CROSS_KINDS; kind++)
		if (crossings->count[kind])
			printf("\"%s\":%llu,", crossing_names[kind], (unsigned long long)crossings->count[kind]);
	printf("\"total\":%llu}", (unsigned long long)crossings_total(crossings));
}

void tally_print(void)
{
	DIR *directory = opendir(VGPU_RUN);
	const char *comma = "";
	struct dirent *entry;

	printf("{");
	while (directory && (entry = readdir(directory))) {
		size_t length = strlen(entry->d_name);
		char name[64];

		if (length <= strlen(SUFFIX) || length >= sizeof(name) ||
		    strcmp(entry->d_name + length - strlen(SUFFIX), SUFFIX))
			continue;
		snprintf(name, sizeof(name), "%.*s", (int)(length - strlen(SUFFIX)), entry->d_name);
		printf("%s", comma);
		print(name, crossings_open(name));
		comma = ",";
	}
	printf("}");
	if (directory)
		closedir(directory);
}
