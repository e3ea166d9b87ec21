/*
 * fuzz SECONDS [SEED]: hostile guests against the GPU and against everything that reads what a guest sends,
 * in one process and under sanitizers. The real engine runs in a thread. Beside memory errors it checks that
 * no guest reached the canary's page, or the slice of its neighbour.
 */
#include "../dom0/forward-serve.h"
#include "../dom0/pvdrm-serve.h"
#include "../dom0/schedule.h"
#include "../gpu/gpu.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SLICE (2ull << 20)
#define NEIGHBOUR_BYTE 0x5a
#define DRAIN_TRIES 200

static struct gpu gpu;
static struct card card;
static uint32_t bell[VGPU_PAGE / 4];
static uint64_t seed = 1;
static uint64_t done[4];

static uint64_t rnd(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

static uint64_t below(uint64_t n)
{
	return rnd() % n;
}

static void *engine(void *context)
{
	(void)context;
	while (!atomic_load(&gpu.quit)) {
		atomic_store(&gpu.control, 1);
		if (!engine_pass(&gpu))
			usleep(20);
	}
	return NULL;
}

/* Mostly near something that matters, sometimes anything. */
static uint64_t address(void)
{
	switch (below(6)) {
	case 0:
		return rnd();
	case 1:
		return VGPU_CANARY + below(2 * VGPU_PAGE) - VGPU_PAGE;
	case 2:
		return VGPU_HEAP + SLICE + below(128) - 64;
	default:
		return VGPU_HEAP + (below(SLICE) & ~7ull);
	}
}

static uint32_t make_command(struct vgpu_command *command)
{
	static const uint16_t opcodes[] = { VGPU_NOP, VGPU_MEMBAR, VGPU_FENCE, VGPU_COPY, VGPU_FILL, VGPU_LAUNCH, 99 };

	for (unsigned int i = 0; i < sizeof(*command) / 8; i++)
		((uint64_t *)command)[i] = address();
	command->header.opcode = opcodes[below(7)];
	command->header.bytes = (uint16_t)(below(20) ? 8 * (1 + below(VGPU_COMMAND_MAX / 8)) : rnd());
	if (command->header.opcode == VGPU_COPY || command->header.opcode == VGPU_FILL) {
		command->header.bytes = 32;
		command->copy.bytes = command->copy.from = below(8) ? below(20000) : rnd();
		if (command->header.opcode == VGPU_COPY)
			command->copy.from = address();
	} else if (command->header.opcode == VGPU_LAUNCH) {
		command->header.bytes = VGPU_COMMAND_MAX;
		command->launch.kernel = (uint32_t)below(VGPU_KERNELS + 1);
		command->launch.args = (uint32_t)below(8);
		for (unsigned int i = 1; i < VGPU_ARGS_MAX; i++)
			if (below(2))
				command->launch.arg[i] = below(50) ? below(64) : rnd();
	} else if (command->header.opcode == VGPU_FENCE) {
		command->header.bytes = 24;
	}
	return command->header.bytes;
}

static void settle(uint32_t channel)
{
	volatile struct vgpu_channel_regs *regs = card_channel(&card, channel);

	for (int tries = 0; tries < DRAIN_TRIES && regs->head != regs->tail; tries++)
		usleep(50);
	regs->stop = 1;
	for (int tries = 0; tries < DRAIN_TRIES && regs->stop; tries++)
		usleep(50);
}

/* A guest that owns the whole card: nothing to protect but the GPU's own process. */
static void fuzz_engine(void)
{
	volatile struct vgpu_channel_regs *regs = card_channel(&card, 5);
	volatile uint64_t *gtt = card_gtt(&card, 5);
	struct vgpu_command command;

	for (int i = 0; i < 64; i++)
		gtt[below(VGPU_WINDOW_PAGES)] = below(3) ? VGPU_PTE(below(VGPU_WINDOW_PAGES)) : rnd();
	for (uint64_t page = VGPU_HEAP >> 12; page < (VGPU_HEAP + SLICE) >> 12; page++)
		if (below(16))
			gtt[page] = VGPU_PTE(below(4) ? page : below(VGPU_WINDOW_PAGES));
	if (card_channel_start(&card, 5))
		return;
	if (!below(8)) { /* registers that can't be right */
		regs->ring_base = rnd();
		regs->gtt_base = rnd();
		regs->ring_bytes = (uint32_t)rnd();
		regs->enable = 1;
	}
	for (int i = 0; i < 20; i++) {
		uint32_t tail = regs->tail, bytes = make_command(&command);

		if (bytes > sizeof(command))
			bytes = sizeof(command);
		for (uint32_t b = 0; b < bytes; b++)
			card.window[VGPU_RING(5) + ((tail + b) & (VGPU_RING_BYTES - 1))] = ((uint8_t *)&command)[b];
		regs->tail = below(50) ? tail + bytes : (uint32_t)rnd();
	}
	settle(5);
	done[0]++;
}

static void must(int holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "fuzz: %s\n", what);
	abort();
}

static void check_canary(void)
{
	for (unsigned int i = 0; i < VGPU_PAGE / 8; i++)
		must(((uint64_t *)(card.window + VGPU_CANARY))[i] == VGPU_CANARY_WORD, "a guest wrote the canary's page");
}

static void check_neighbour(void)
{
	for (uint64_t i = 0; i < SLICE; i++)
		must(card.window[VGPU_HEAP + SLICE + i] == NEIGHBOUR_BYTE, "a guest wrote its neighbour's slice");
}

static void mediated_write(struct vgpu_guest *guest)
{
	static const uint64_t regs[] = { 0, 8, 16, 20, 24, 28, 32 };
	static const unsigned int sizes[] = { 1, 2, 4, 8 };

	switch (below(4)) {
	case 0:
		vgpu_guest_write(guest, below(VGPU_WINDOW), sizes[below(4)], rnd());
		break;
	case 1:
		vgpu_guest_write(guest, VGPU_GTT(0) + below(VGPU_WINDOW_PAGES) * 8, 8, rnd() % (2ull << 28));
		break;
	case 2:
		vgpu_guest_write(guest, VGPU_CHANNEL(0) + regs[below(7)], sizes[below(4)], address());
		break;
	default:
		vgpu_guest_read(guest, below(2) ? below(VGPU_WINDOW) : VGPU_PVINFO + below(80), sizes[below(4)]);
	}
}

static void start_ring(struct vgpu_guest *guest)
{
	vgpu_guest_write(guest, VGPU_CHANNEL(0) + offsetof(struct vgpu_channel_regs, ring_base), 8, VGPU_HEAP);
	vgpu_guest_write(guest, VGPU_CHANNEL(0) + offsetof(struct vgpu_channel_regs, ring_bytes), 4, VGPU_RING_BYTES);
	vgpu_guest_write(guest, VGPU_CHANNEL(0) + offsetof(struct vgpu_channel_regs, enable), 4, 1);
	for (uint64_t page = VGPU_HEAP >> 12; page < (VGPU_HEAP + SLICE) >> 12; page++)
		vgpu_guest_write(guest, VGPU_GTT(0) + page * 8, 8, VGPU_PTE(page));
}

static void fuzz_mediator(struct vgpu_guest *guest, struct schedule *schedule)
{
	struct vgpu_command command;
	uint32_t tail = 0;

	start_ring(guest);
	for (int i = 0; i < 40; i++) {
		uint32_t bytes = make_command(&command);

		if (below(4) == 0)
			mediated_write(guest);
		if (bytes > sizeof(command))
			bytes = sizeof(command);
		for (uint32_t b = 0; b < bytes; b++)
			card.window[VGPU_HEAP + ((tail + b) & (VGPU_RING_BYTES - 1))] = ((uint8_t *)&command)[b];
		tail += bytes;
		vgpu_guest_write(guest, VGPU_CHANNEL(0) + offsetof(struct vgpu_channel_regs, tail), 4,
				 below(60) ? tail : rnd());
		schedule_run(schedule);
	}
	for (int i = 0; i < 100 && schedule_run(schedule) >= 0; i++)
		usleep(50);
	check_neighbour();
	done[1]++;
}

static void fuzz_pvdrm(struct gem *gem, struct crossings *counters)
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
	done[2]++;
}

static void fuzz_forward(struct forward_client *client)
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
	done[3]++;
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

static void phase_card(uint64_t until)
{
	while (now_ns() < until)
		fuzz_engine();
	card_reset(&card);
}

static void phase_mediator(uint64_t until)
{
	static struct vgpu_guest guest;
	static struct crossings counters;
	struct schedule schedule;

	memset(card.window + VGPU_HEAP + SLICE, NEIGHBOUR_BYTE, SLICE);
	vgpu_guest_init(&guest, &card, 0, SLICE, 0, &counters);
	/* The table is one for all, and the neighbour has bound its pages: only the scan is in the way. */
	for (uint64_t page = (VGPU_HEAP + SLICE) >> 12; page < VGPU_WINDOW_PAGES; page++)
		card_gtt(&card, 0)[page] = VGPU_PTE(page);
	must(!schedule_init(&schedule, &card, 5, 50), "the GPU does not start its channel");
	schedule.guest[schedule.guests++] = &guest;
	while (now_ns() < until) {
		fuzz_mediator(&guest, &schedule);
		check_canary();
	}
	card_reset(&card);
}

static void phase_backends(uint64_t until)
{
	const struct gem_mapper mapper = { .map = map_nothing, .unmap = unmap_nothing };
	static struct gem gem;
	static struct crossings counters;

	gem_init(&gem, &card, &mapper);
	while (now_ns() < until) {
		struct forward_client client = { .gem = &gem, .client = 1, .counters = &counters, .hang_ns = 50000000 };

		fuzz_pvdrm(&gem, &counters);
		if (!below(8)) {
			gem_client_gone(&gem, 0);
			gem_client_gone(&gem, 1);
		}
		fuzz_forward(&client);
	}
}

int main(int argc, char **argv)
{
	uint64_t third = (uint64_t)(argc > 1 ? atoi(argv[1]) : 3) * 1000000000ull / 3;
	pthread_t thread;

	seed = argc > 2 ? strtoull(argv[2], NULL, 0) | 1 : 0x9e3779b97f4a7c15ull;
	must(gpu_create(&gpu) == 0, "no memory for a GPU");
	card = (struct card){ .window = gpu.window, .doorbell = bell };
	must(pthread_create(&thread, NULL, engine, NULL) == 0, "no engine thread");
	phase_card(now_ns() + third);
	phase_mediator(now_ns() + third);
	phase_backends(now_ns() + third);
	atomic_store(&gpu.quit, 1);
	pthread_join(thread, NULL);
	gpu_destroy(&gpu);
	printf("{\"engine\":%llu,\"mediator\":%llu,\"pvdrm\":%llu,\"forwarding\":%llu,\"check\":\"ok\"}\n",
	       (unsigned long long)done[0], (unsigned long long)done[1], (unsigned long long)done[2],
	       (unsigned long long)done[3]);
	return 0;
}
