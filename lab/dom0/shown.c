#include "shown.h"
#include "../protocol/places.h"

#include <xendevicemodel.h>

#define WINDOW_GFN (GUEST_WINDOW >> VGPU_PAGE_SHIFT)
#define DOORBELL_GFN (GUEST_DOORBELL >> VGPU_PAGE_SHIFT)
#define SERVERS_MAX 8 /* Xen's maximum per domain; PVH guests only have ours */

int gpu_show(const struct card *card, xc_interface *xc, uint32_t domain)
{
	int error = guest_map(xc, domain, WINDOW_GFN, card->window_frame, VGPU_WINDOW_PAGES);

	return error ? error : guest_map(xc, domain, DOORBELL_GFN, card->doorbell_frame, 1);
}

int gpu_hide(const struct card *card, xc_interface *xc, uint32_t domain)
{
	int first = guest_unmap(xc, domain, WINDOW_GFN, card->window_frame, VGPU_WINDOW_PAGES);
	int second = guest_unmap(xc, domain, DOORBELL_GFN, card->doorbell_frame, 1);

	return first ? first : second;
}

static void servers_destroy(uint32_t domain)
{
	xendevicemodel_handle *model = xendevicemodel_open(NULL, 0);

	if (!model)
		return;
	for (ioservid_t id = 0; id < SERVERS_MAX; id++)
		xendevicemodel_destroy_ioreq_server(model, (domid_t)domain, id);
	xendevicemodel_close(model);
}

void gpu_salvage(const struct card *card, xc_interface *xc, uint32_t domain)
{
	servers_destroy(domain);
	/* Given several pages, Xen unmaps those before the first unmapped one: so all of them are mapped first. */
	gpu_show(card, xc, domain);
	gpu_hide(card, xc, domain);
}
