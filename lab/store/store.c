#include "store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

unsigned int store_number(struct xs_handle *store, const char *path)
{
	char *text = xs_read(store, XBT_NULL, path, NULL);
	unsigned int value = text ? (unsigned int)strtoul(text, NULL, 10) : 0;

	free(text);
	return value;
}

int store_number_write(struct xs_handle *store, const char *path, unsigned int value)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", value);
	return xs_write(store, XBT_NULL, path, text, (unsigned int)strlen(text)) ? 0 : -1;
}
