/* Guests of the back-ends: no request may reach what belongs to another, and each is answered. */
#include "fuzz.h"
#include "../dom0/forward-serve.h"
#include "../dom0/pvdrm-serve.h"

#include <string.h>

static void pvdrm_round(struct gem *gem, struct crossings *counters)
{
	static uint8_t page[VGPU_PAGE];
	struct vgpu_command command;

	for (int i = 0; i < 60; i++) {
		struct pvdrm_slot slot = { .code = (uint32_t)(below(20) ? 1 + below(PVDRM_CODES) : rnd()) };
		uint32_t at = 0;

		slot.args = (struct pvdrm_args){ .file = (uint32_t)below(4), .handle = (uint32_t)below(12),
						 .global = (uint32_t)below(12), .channel = (uint32_t)rnd(),
						 .gart = (uint32_t)below(2), .page = below(4) ? below(40) : rnd(),
						 .bytes = below(4) ? below(100000) : rnd() };
		if (slot.code == PVDRM_PUSHBUF) {
			while (at < 400) {
				uint32_t bytes = make_command(&command);

				memcpy(page + at, &command, sizeof(command));
				at += bytes > sizeof(command) ? 8 : bytes;
			}
			slot.args.bytes = below(8) ? at : rnd();
		}
		pvdrm_serve(gem, (uint32_t)below(2), counters, &slot, page);
		must(slot.state == PVDRM_DONE, "a request was left without an answer");
	}
	check_canary();
}

static void forward_round(struct forward_client *client)
{
	struct vgpu_command command;

	for (int i = 0; i < 60; i++) {
		struct forward_request request = { .op = (uint32_t)(below(20) ? 1 + below(FORWARD_OPS) : rnd()),
						   .handle = (uint32_t)below(12),
						   .bytes = below(4) ? below(100000) : rnd() };
		struct forward_reply reply;
		uint8_t *data;

		make_command(&command);
		memcpy(request.command, &command, sizeof(request.command));
		if (request.op == FORWARD_WAIT && below(8))
			request.op = FORWARD_LAUNCH;
		forward_serve(client, &request, &reply, &data);
		if (data)
			memset(data, (int)below(256), request.bytes);
	}
	check_canary();
	forward_gone(client);
}

static int map_nothing(void *context, uint32_t client, uint32_t page, uint32_t pages)
{
	(void)context;
	must(client < 2 && page >= VGPU_HEAP >> 12 && page + pages <= VGPU_CANARY >> 12, "mapped what is no one's");
	return 0;
}

static void unmap_nothing(void *context, uint32_t client, uint32_t page, uint32_t pages)
{
	map_nothing(context, client, page, pages);
}

/* A host page for each of the heap's last ones, up to a limit: then a guest is told that there are no more. */
static int take_page(void *context, uint32_t client, uint32_t page, struct gart_page *taken)
{
	uint32_t frame = (VGPU_CANARY >> 12) - 1 - page;

	(void)context;
	must(client < 2, "memory for no one");
	if (frame >= FUZZ_RAM / 2 >> 12)
		return -12;
	*taken = (struct gart_page){ .data = gpu.ram + ((uint64_t)frame << 12), .frame = frame, .ref = page };
	gpu.iommu[frame / 8] |= (uint8_t)(1u << frame % 8);
	return 0;
}

static void give_page(void *context, uint32_t client, const struct gart_page *page)
{
	(void)context;
	must(client < 2 && !page->data[below(VGPU_PAGE)], "a page goes to the next one as it was");
	gpu.iommu[page->frame / 8] &= (uint8_t)~(1u << page->frame % 8);
}

static void count_grants(void *context, uint32_t client, uint32_t pages)
{
	(void)context;
	must(client < 2 && pages > 0 && pages <= PVDRM_FAULT_PAGES, "grants of no one, or of too many");
}

static uint64_t fuzz_pvdrm(uint64_t until)
{
	const struct gem_mapper mapper = { .map = map_nothing, .unmap = unmap_nothing, .take = take_page, .give = give_page,
					   .granted = count_grants, .ended = count_grants };
	static struct gem gem;
	static struct crossings counters;
	uint64_t rounds = 0;

	gem_init(&gem, &card, &mapper);
	for (; now_ns() < until; rounds++) {
		pvdrm_round(&gem, &counters);
		if (below(8))
			continue;
		gem_client_gone(&gem, 0);
		gem_client_gone(&gem, 1);
	}
	gem_client_gone(&gem, 0);
	gem_client_gone(&gem, 1);
	for (uint32_t byte = 0; byte < VGPU_IOMMU_BYTES; byte++)
		must(!gpu.iommu[byte], "the GPU may reach memory that no object has");
	return rounds;
}

/* For the forwarder, all objects are in the window. */
static uint64_t fuzz_forwarding(uint64_t until)
{
	static struct gem gem;
	static struct crossings counters;
	uint64_t rounds = 0;

	gem_init(&gem, &card, NULL);
	for (; now_ns() < until; rounds++) {
		struct forward_client client = { .gem = &gem, .client = 1, .counters = &counters, .hang_ns = 50000000 };

		forward_round(&client);
	}
	return rounds;
}

void fuzz_backends(uint64_t until, uint64_t *pvdrm, uint64_t *forwarding)
{
	uint64_t now = now_ns();

	memset(gpu.iommu, 0, VGPU_IOMMU_BYTES);
	*pvdrm = fuzz_pvdrm(now + (until - now) / 2);
	card_reset(&card);
	*forwarding = fuzz_forwarding(until);
}
