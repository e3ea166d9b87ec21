#include "record.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define NEW_FILE RECORD_FILE ".new"

void record_read(struct record *record)
{
	FILE *file = fopen(RECORD_FILE, "re");

	memset(record, 0, sizeof(*record));
	if (!file)
		return;
	if (fscanf(file, "%31s", record->mode) == 1)
		while (record->guests < GUESTS_MAX && fscanf(file, "%63s", record->guest[record->guests]) == 1)
			record->guests++;
	fclose(file);
}

int record_write(const char *mode, char *const guests[])
{
	FILE *file = fopen(NEW_FILE, "we");

	if (!file)
		return -1;
	fputs(mode, file);
	for (; *guests; guests++)
		fprintf(file, " %s", *guests);
	fputc('\n', file);
	return fclose(file) || rename(NEW_FILE, RECORD_FILE) ? -1 : 0;
}

void record_remove(void)
{
	unlink(RECORD_FILE);
}
