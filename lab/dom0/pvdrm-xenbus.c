#include "pvdrm-back.h"
#include "../store/store.h"
#include "../store/watch.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

static void path_front(const struct back *back, const char *leaf, char *path, size_t size)
{
	snprintf(path, size, "/local/domain/%u/" PVDRM_FRONT "/%s", back->domain, leaf);
}

int front_watch(int watch, const struct back *back)
{
	char path[96];

	path_front(back, "state", path, sizeof(path));
	return watch_add(watch, path);
}

unsigned int front_read(struct xs_handle *store, const struct back *back, const char *leaf)
{
	char path[96];

	path_front(back, leaf, path, sizeof(path));
	return store_number(store, path);
}

void back_state_write(struct xs_handle *store, const struct back *back, enum pvdrm_xenbus state)
{
	char path[96];

	snprintf(path, sizeof(path), "/local/domain/0/backend/vdrm/%u/0/state", back->domain);
	store_number_write(store, path, state);
}

int back_map_grants(struct back *back, struct xs_handle *store, xengnttab_handle *grants)
{
	uint32_t reference = front_read(store, back, "counter-ref");

	back->page = xengnttab_map_grant_ref(grants, back->domain, reference, PROT_READ | PROT_WRITE);
	if (!back->page)
		return -1;
	for (unsigned int i = 0; i < PVDRM_SLOTS; i++) {
		back->slot_page[i] = xengnttab_map_grant_ref(grants, back->domain, back->page->slot[i].ref,
							     PROT_READ | PROT_WRITE);
		if (!back->slot_page[i])
			return -1;
	}
	return 0;
}

void back_unmap_grants(struct back *back, xengnttab_handle *grants)
{
	for (unsigned int i = 0; i < PVDRM_SLOTS; i++)
		if (back->slot_page[i])
			xengnttab_unmap(grants, back->slot_page[i], 1);
	if (back->page)
		xengnttab_unmap(grants, back->page, 1);
	memset(back->slot_page, 0, sizeof(back->slot_page));
	back->page = NULL;
}
