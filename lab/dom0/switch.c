#include "switch.h"
#include "record.h"
#include "vdrm.h"
#include "shown.h"
#include "../machine/daemon.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define READY_MS 20000u
#define WORDS_MAX (2 + 16 + GUESTS_MAX + 1)

static int complain(const char *what, const char *who)
{
	fprintf(stderr, "vgpu-mode: %s%s: %s\n", what, who, strerror(errno));
	return -1;
}

int switch_leave(struct dom0 *dom0)
{
	int mess = daemon_stop(DAEMON_IN_DOM0);
	struct record record;
	const struct kind *kind;

	record_read(&record);
	kind = kind_named(record.mode);
	for (unsigned int i = 0; i < record.guests; i++) {
		struct domain *domain = domain_named(&dom0->domains, record.guest[i]);

		if (!domain)
			continue;
		vdrm_detach(dom0->store, domain->id);
		if (mess)
			gpu_salvage(&dom0->card, dom0->xc, domain->id);
		else if (kind && !kind->program)
			gpu_hide(&dom0->card, dom0->xc, domain->id);
	}
	if (card_reset(&dom0->card)) {
		fprintf(stderr, "vgpu-mode: the GPU does not reset\n");
		return -1;
	}
	record_remove();
	return 0;
}

static int serve(const struct wish *wish)
{
	char *words[WORDS_MAX] = { (char *)wish->kind->program, (char *)wish->kind->argument };
	unsigned int count = wish->kind->argument ? 2 : 1;

	for (char **option = wish->options; *option && count < WORDS_MAX - 1; option++)
		words[count++] = *option;
	for (char **guest = wish->guests; *guest && count < WORDS_MAX - 1; guest++)
		words[count++] = *guest;
	return daemon_start(DAEMON_IN_DOM0, words, READY_MS);
}

static int enter_guest(struct dom0 *dom0, const struct wish *wish, const char *name)
{
	struct domain *domain = domain_named(&dom0->domains, name);
	int error = 0;

	if (!wish->kind->program)
		error = gpu_show(&dom0->card, dom0->xc, domain->id);
	else if (!strcmp(wish->kind->mode, "pvdrm") && vdrm_attach(dom0->store, domain->id))
		error = -errno;
	errno = -error;
	return error ? complain("giving the GPU to ", name) : 0;
}

int switch_enter(struct dom0 *dom0, const struct wish *wish)
{
	if (record_write(wish->kind->mode, wish->guests))
		return complain(RECORD_FILE, "");
	for (char **guest = wish->guests; *guest; guest++)
		if (enter_guest(dom0, wish, *guest))
			return -1;
	if (wish->kind->program && serve(wish))
		return -1;
	for (char **guest = wish->guests; *guest; guest++)
		if (domain_unpause(dom0->xc, domain_named(&dom0->domains, *guest)))
			return complain("waking ", *guest);
	return 0;
}
