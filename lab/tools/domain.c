/*
 * vgpu-domain pause|unpause NAME: like xl, but without the tenth of a second that xl takes. Prints the
 * previous state: "paused" or "running".
 */
#include "../dom0/domains.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static int usage(void)
{
	fprintf(stderr, "usage: vgpu-domain pause|unpause NAME\n");
	return 2;
}

int main(int argc, char **argv)
{
	xc_interface *xc = xc_interface_open(NULL, NULL, 0);
	struct xs_handle *store = xs_open(0);
	struct domains domains;
	struct domain *domain;
	int pause;

	if (argc != 3 || (strcmp(argv[1], "pause") && strcmp(argv[1], "unpause")))
		return usage();
	pause = !strcmp(argv[1], "pause");
	if (!xc || !store || domains_read(&domains, xc, store)) {
		fprintf(stderr, "vgpu-domain: no access to Xen: %s\n", strerror(errno));
		return 1;
	}
	domain = domain_named(&domains, argv[2]);
	if (!domain) {
		fprintf(stderr, "vgpu-domain: there is no guest %s\n", argv[2]);
		return 1;
	}
	printf("%s\n", domain->paused ? "paused" : "running");
	if (!(pause ? domain_pause(xc, domain) : domain_unpause(xc, domain)))
		return 0;
	fprintf(stderr, "vgpu-domain: %s %s: %s\n", argv[1], argv[2], strerror(errno));
	return 1;
}
