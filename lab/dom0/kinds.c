#include "kinds.h"
#include "card.h"

#include <string.h>

const struct kind kinds[] = {
	{ .mode = "passthrough", .values = "", .most = 1 },
	{ .mode = "mediated", .program = "mediator", .option = { "slice=", "quantum=", "context=", "hang=", "trap-us=", "switch-us=" },
	  .values = "[slice=MB] [quantum=MS] [context=0|1] [hang=MS] [trap-us=N] [switch-us=N] ", .most = GUESTS_MAX },
	{ .mode = "emulation", .program = "mediator", .argument = "emulate",
	  .option = { "slice=", "quantum=", "context=", "hang=", "trap-us=", "switch-us=" },
	  .values = "[slice=MB] [quantum=MS] [context=0|1] [hang=MS] [trap-us=N] [switch-us=N] ", .most = GUESTS_MAX },
	{ .mode = "pvdrm", .program = "pvdrm-back", .option = { "sequential=", "rest=", "request-us=", "unmap-us=" },
	  .values = "[sequential=0|1] [rest=0|1] [request-us=N] [unmap-us=N] ", .most = GUESTS_MAX },
	{ .mode = "forwarding", .program = "forwarder", .option = { "hang=", "request-us=" },
	  .values = "[hang=MS] [request-us=N] ", .most = GUESTS_MAX },
};
const size_t kind_count = sizeof(kinds) / sizeof(kinds[0]);

const struct kind *kind_named(const char *mode)
{
	for (size_t i = 0; i < kind_count; i++)
		if (!strcmp(kinds[i].mode, mode))
			return &kinds[i];
	return NULL;
}

int kind_takes(const struct kind *kind, const char *word)
{
	for (size_t i = 0; i < KIND_OPTIONS && kind->option[i]; i++)
		if (!strncmp(word, kind->option[i], strlen(kind->option[i])))
			return 1;
	return 0;
}
