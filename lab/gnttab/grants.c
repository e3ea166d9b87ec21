#include "grants.h"
#include "gnttab.h"
#include "../protocol/places.h"

#include <errno.h>
#include <string.h>

#define NOT_DONE 1

_Static_assert(sizeof(struct gnttab_map) == PVDRM_CALL_BYTES, "a call under way has room for Xen's answer");

static uint64_t address_of(uint32_t page)
{
	return GUEST_GRANTS + ((uint64_t)page << VGPU_PAGE_SHIFT);
}

static uint32_t record(struct pvdrm_grants *grants, const struct pvdrm_mapping *mapping)
{
	const struct gnttab_map *each = (const struct gnttab_map *)mapping->call;
	uint32_t mapped = 0;

	for (uint32_t i = 0; i < mapping->pages; i++) {
		grants->handle[mapping->page + i] = each[i].status ? 0 : each[i].handle + 1;
		mapped += !each[i].status;
	}
	return mapped;
}

static void end_call(int fd, struct pvdrm_grants *grants, uint32_t page, struct grants_count *count)
{
	struct gnttab_unmap each[PVDRM_FAULT_PAGES];
	uint32_t ended = 0, pages = grants->pages[page];

	for (uint32_t i = page; i < page + pages && i < VGPU_WINDOW_PAGES; i++)
		if (grants->handle[i])
			each[ended++] = (struct gnttab_unmap){ .address = address_of(i), .handle = grants->handle[i] - 1 };
	if (ended)
		gnttab_call(fd, GNTTAB_UNMAP, each, ended);
	memset(grants->handle + page, 0, pages * sizeof(*grants->handle));
	grants->pages[page] = 0;
	grants->holder[page] = 0;
	count->calls += ended > 0;
	count->pages += ended;
}

int grants_map(int fd, struct pvdrm_front_state *state, uint32_t program, uint32_t page, uint32_t pages,
	       const uint32_t *refs)
{
	struct pvdrm_grants *grants = &state->grants;
	struct pvdrm_mapping *mapping = &state->mapping[program];
	struct gnttab_map *each = (struct gnttab_map *)mapping->call;
	struct grants_count undone = { 0 };
	int error;

	if (pages == 0 || pages > PVDRM_FAULT_PAGES || page >= VGPU_WINDOW_PAGES || pages > VGPU_WINDOW_PAGES - page)
		return -EINVAL;
	for (uint32_t i = 0; i < pages; i++)
		each[i] = (struct gnttab_map){ .address = address_of(page + i), .flags = GNTTAB_HOST_MAP, .ref = refs[i],
					       .status = NOT_DONE };
	mapping->page = page;
	__atomic_store_n(&mapping->pages, pages, __ATOMIC_RELEASE); /* from here on a killed program's call is known */
	error = gnttab_call(fd, GNTTAB_MAP, each, pages) ? -errno : 0;
	grants->holder[page] = (uint8_t)(program + 1);
	grants->pages[page] = (uint16_t)pages;
	if (record(grants, mapping) < pages && !error)
		error = -EFAULT;
	__atomic_store_n(&mapping->pages, 0, __ATOMIC_RELEASE);
	if (error)
		end_call(fd, grants, page, &undone);
	return error;
}

struct grants_count grants_end(int fd, struct pvdrm_front_state *state, uint32_t page, uint32_t pages)
{
	struct grants_count count = { 0 };

	for (uint32_t i = page; i < page + pages && i < VGPU_WINDOW_PAGES; i++)
		if (state->grants.pages[i])
			end_call(fd, &state->grants, i, &count);
	return count;
}

void grants_hold(struct pvdrm_front_state *state, uint32_t page, uint32_t pages, uint32_t program)
{
	for (uint32_t i = page; i < page + pages && i < VGPU_WINDOW_PAGES; i++)
		if (state->grants.pages[i])
			state->grants.holder[i] = (uint8_t)(program + 1);
}

static void settle(struct pvdrm_grants *grants, struct pvdrm_mapping *mapping, uint32_t program)
{
	if (!mapping->pages || mapping->page >= VGPU_WINDOW_PAGES)
		return;
	grants->holder[mapping->page] = (uint8_t)(program + 1);
	grants->pages[mapping->page] = (uint16_t)mapping->pages;
	record(grants, mapping);
	mapping->pages = 0;
}

struct grants_count grants_end_of(int fd, struct pvdrm_front_state *state, uint32_t program)
{
	struct grants_count count = { 0 };
	int all = program == GRANTS_NOBODY;

	for (uint32_t other = 0; other < PVDRM_PROGRAMS; other++)
		if (all || other == program)
			settle(&state->grants, &state->mapping[other], other);
	for (uint32_t page = 0; page < VGPU_WINDOW_PAGES; page++)
		if (state->grants.pages[page] && (all || state->grants.holder[page] == program + 1))
			end_call(fd, &state->grants, page, &count);
	return count;
}
