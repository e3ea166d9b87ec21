/*
 * vgpu-facts DOMAIN in dom0: which guests it serves and how, who runs and who is paused, xenstore's nodes of
 * a domain's PVDRM device, the canary, and the counters.
 */
#include "fact.h"
#include "tally.h"
#include "../dom0/card.h"
#include "../dom0/domains.h"
#include "../dom0/record.h"
#include "../dom0/vdrm.h"
#include "../machine/daemon.h"
#include "../machine/ready.h"
#include "../protocol/crossings.h"
#include "../store/store.h"

#include <stdio.h>
#include <string.h>

static void print_server(void)
{
	pid_t pid = daemon_pid(DAEMON_IN_DOM0);
	char path[64];

	if (!pid)
		return;
	snprintf(path, sizeof(path), "/proc/%d/comm", pid);
	fact_line("server", path, "", "");
	fact_line("settings", VGPU_RUN "/" DAEMON_IN_DOM0 ".log", READY_WORD, "");
}

static void print_domains(const struct domains *domains)
{
	printf("domains\t");
	for (unsigned int i = 0; i < domains->count; i++) {
		const struct domain *domain = &domains->domain[i];

		printf("%s%s:%s", i ? " " : "", domain->name, domain->paused ? "paused" : "running");
	}
	putchar('\n');
}

static void print_state(const char *name, struct xs_handle *store, const char *folder)
{
	char path[96];

	snprintf(path, sizeof(path), "%s/state", folder);
	fact(name, "%u", store_number(store, path));
}

static void print_vdrm(struct xs_handle *store, uint32_t domain)
{
	char folder[80];

	vdrm_back_path(domain, folder, sizeof(folder));
	print_state("back", store, folder);
	vdrm_front_path(domain, folder, sizeof(folder));
	print_state("front", store, folder);
}

int main(int argc, char **argv)
{
	xc_interface *xc = xc_interface_open(NULL, NULL, 0);
	struct xs_handle *store = xs_open(0);
	struct domains domains;
	struct domain *domain;
	const char *canary;

	if (argc != 2) {
		fprintf(stderr, "usage: vgpu-facts DOMAIN\n");
		return 2;
	}
	if (!xc || !store || domains_read(&domains, xc, store)) {
		fprintf(stderr, "vgpu-facts: no access to Xen\n");
		return 1;
	}
	fact_line("mode", RECORD_FILE, "", "none");
	print_server();
	print_domains(&domains);
	domain = domain_named(&domains, argv[1]);
	if (domain)
		print_vdrm(store, domain->id);
	canary = card_canary();
	fact("canary", "%s", canary ? canary : "unreadable");
	printf("counters\t");
	tally_print();
	putchar('\n');
	return 0;
}
