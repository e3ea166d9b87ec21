#include "clocksource.h"
#include "clock.h"

#include <stdio.h>
#include <string.h>

#define CURRENT "/sys/devices/system/clocksource/clocksource0/current_clocksource"
#define AVERAGES 20u
#define READINGS 100u

void clocksource_name(char *name, size_t size)
{
	FILE *file = fopen(CURRENT, "re");

	if (!file || !fgets(name, (int)size, file))
		snprintf(name, size, "unknown");
	name[strcspn(name, "\n")] = 0;
	if (file)
		fclose(file);
}

uint64_t clocksource_reading_ns(void)
{
	uint64_t least = UINT64_MAX;

	for (unsigned int i = 0; i < AVERAGES; i++) {
		uint64_t began = now_ns(), took;

		for (unsigned int r = 1; r < READINGS; r++)
			(void)now_ns();
		took = now_ns() - began;
		least = took < least ? took : least;
	}
	return least / READINGS;
}
