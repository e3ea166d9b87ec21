/*
 * vgpu-mode MODE [option=value ...] GUEST...: how the GPU reaches the guests, as set by dom0. The previous
 * mode is taken down first, in the same step. The named guests run, all others are paused. `vgpu-mode none`
 * only takes down.
 */
#include "switch.h"
#include "../machine/alone.h"

#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define CONFIG "/etc/xen/%s.cfg"

extern char **environ;

static int usage(void)
{
	fprintf(stderr, "usage, in dom0:\n  vgpu-mode none\n");
	for (size_t i = 0; i < kind_count; i++)
		fprintf(stderr, "  vgpu-mode %s %sGUEST%s\n", kinds[i].mode, kinds[i].values,
			kinds[i].most > 1 ? " ..." : "");
	fprintf(stderr, "and then, in each guest: vgpu-mode MODE\n");
	return 2;
}

static int refuse(const char *what, const char *word)
{
	fprintf(stderr, "vgpu-mode: %s %s\n", what, word);
	return usage();
}

static int has_config(const char *guest)
{
	char path[128];

	snprintf(path, sizeof(path), CONFIG, guest);
	return !strchr(guest, '/') && strlen(guest) < DOMAIN_NAME_BYTES && !access(path, R_OK);
}

/* Checks everything that can be checked before a change. 0, or an exit status. */
static int understand(char **words, struct wish *wish, char **options)
{
	const char *mode = words[0] ? words[0] : "";
	unsigned int guests = 0;
	char **word = words + 1;

	*wish = (struct wish){ .kind = kind_named(mode), .options = options };
	if (!strcmp(mode, "none"))
		return words[1] ? refuse("none takes no", words[1]) : 0;
	if (!wish->kind)
		return *mode ? refuse("there is no mode", mode) : usage();
	for (; *word && strchr(*word, '='); word++) {
		if (!kind_takes(wish->kind, *word))
			return refuse("there is no option", *word);
		*options++ = *word;
	}
	wish->guests = word;
	for (; *word; word++, guests++)
		for (char **before = wish->guests; before < word; before++)
			if (!strcmp(*before, *word))
				return refuse("twice the same guest:", *word);
	if (!guests)
		return refuse("it needs the name of a guest:", mode);
	return guests > wish->kind->most ? refuse("too many guests for", mode) : 0;
}

static int run(char *const argv[])
{
	pid_t child;
	int status;

	if (posix_spawnp(&child, argv[0], NULL, NULL, argv, environ) || waitpid(child, &status, 0) != child)
		return -1;
	return status;
}

/* A guest that crashed is gone: it is recreated, paused. */
static int make_guest(struct dom0 *dom0, char *name)
{
	char config[128];
	char *create[] = { "xl", "create", "-q", "-p", config, NULL };

	snprintf(config, sizeof(config), CONFIG, name);
	if (!run(create) && !domains_read(&dom0->domains, dom0->xc, dom0->store) && domain_named(&dom0->domains, name))
		return 0;
	fprintf(stderr, "vgpu-mode: guest %s can't be made\n", name);
	return -1;
}

static int open_all(struct dom0 *dom0)
{
	dom0->xc = xc_interface_open(NULL, NULL, 0);
	dom0->store = xs_open(0);
	if (!dom0->xc || !dom0->store || domains_read(&dom0->domains, dom0->xc, dom0->store)) {
		fprintf(stderr, "vgpu-mode: no access to Xen: %s\n", strerror(errno));
		return -1;
	}
	return card_open(&dom0->card, VGPU_PAGE);
}

static int pause_all(struct dom0 *dom0)
{
	for (unsigned int i = 0; i < dom0->domains.count; i++)
		if (domain_pause(dom0->xc, &dom0->domains.domain[i])) {
			fprintf(stderr, "vgpu-mode: pausing %s: %s\n", dom0->domains.domain[i].name, strerror(errno));
			return -1;
		}
	return 0;
}

static int enter(struct dom0 *dom0, const struct wish *wish)
{
	for (char **guest = wish->guests; *guest; guest++)
		if (!domain_named(&dom0->domains, *guest) && make_guest(dom0, *guest))
			return -1;
	if (!switch_enter(dom0, wish))
		return 0;
	/* A failed setup is not left half done. */
	pause_all(dom0);
	switch_leave(dom0);
	return -1;
}

int main(int argc, char **argv)
{
	char *options[argc];
	struct dom0 dom0;
	struct wish wish;
	int status;

	memset(options, 0, sizeof(options));
	status = understand(argv + 1, &wish, options);
	if (status)
		return status;
	if (be_alone() || open_all(&dom0))
		return 1;
	for (char **guest = wish.guests; wish.kind && *guest; guest++)
		if (!domain_named(&dom0.domains, *guest) && !has_config(*guest))
			return refuse("there is no guest", *guest);
	if (pause_all(&dom0) || switch_leave(&dom0))
		return 1;
	return wish.kind && enter(&dom0, &wish) ? 1 : 0;
}
