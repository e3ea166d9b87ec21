/*
 * vgpu-window map|unmap DOMAIN: shows the whole GPU to a guest, doorbell included, or takes it away; by the
 * same two domctls that xl's iomem= makes. vgpu-window reset: the GPU as at power on. vgpu-window canary:
 * whether the page that is nobody's holds what the GPU put there when it was reset: "whole", or "written".
 */
#include "card.h"
#include "xen.h"
#include "../protocol/places.h"

#include <stdio.h>
#include <string.h>

#define WINDOW_GFN (GUEST_WINDOW >> VGPU_PAGE_SHIFT)
#define DOORBELL_GFN (GUEST_DOORBELL >> VGPU_PAGE_SHIFT)

static int show(const struct card *card, xc_interface *xc, uint32_t domain)
{
	int error = guest_map(xc, domain, WINDOW_GFN, card->window_frame, VGPU_WINDOW_PAGES);

	return error ? error : guest_map(xc, domain, DOORBELL_GFN, card->doorbell_frame, 1);
}

static int hide(const struct card *card, xc_interface *xc, uint32_t domain)
{
	int first = guest_unmap(xc, domain, WINDOW_GFN, card->window_frame, VGPU_WINDOW_PAGES);
	int second = guest_unmap(xc, domain, DOORBELL_GFN, card->doorbell_frame, 1);

	return first ? first : second;
}

static int for_domain(const struct card *card, const char *verb, const char *name)
{
	int domain = domain_find(name);
	xc_interface *xc = xc_interface_open(NULL, NULL, 0);
	int error;

	if (domain < 0 || !xc) {
		fprintf(stderr, "vgpu-window: no domain %s\n", name);
		return 1;
	}
	error = !strcmp(verb, "map") ? show(card, xc, (uint32_t)domain) : hide(card, xc, (uint32_t)domain);
	xc_interface_close(xc);
	if (error)
		fprintf(stderr, "vgpu-window: %s %s: %s\n", verb, name, strerror(-error));
	return error ? 1 : 0;
}

static int reset(const struct card *card)
{
	if (!card_reset(card))
		return 0;
	fprintf(stderr, "vgpu-window: the GPU does not reset\n");
	return 1;
}

static int canary(void)
{
	const volatile uint64_t *word = card_page(VGPU_CANARY);
	unsigned int whole = 0;

	if (!word) {
		fprintf(stderr, "vgpu-window: the page of the canary can't be mapped\n");
		return 1;
	}
	for (unsigned int i = 0; i < VGPU_PAGE / 8; i++)
		whole += word[i] == VGPU_CANARY_WORD;
	printf("%s\n", whole == VGPU_PAGE / 8 ? "whole" : "written");
	return 0;
}

static int usage(void)
{
	fprintf(stderr, "usage: vgpu-window map|unmap DOMAIN, or vgpu-window reset|canary\n");
	return 2;
}

int main(int argc, char **argv)
{
	const char *verb = argc > 1 ? argv[1] : "";
	int of_domain = !strcmp(verb, "map") || !strcmp(verb, "unmap");
	struct card card;

	if (of_domain ? argc != 3 : argc != 2 || (strcmp(verb, "reset") && strcmp(verb, "canary")))
		return usage();
	if (card_open(&card, VGPU_PAGE))
		return 1;
	if (of_domain)
		return for_domain(&card, verb, argv[2]);
	return strcmp(verb, "reset") ? canary() : reset(&card);
}
