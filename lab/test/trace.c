/*
 * trace FIRST COUNT: three programs of one guest make, map, touch and free objects of pvdrm, by chance from a seed, with
 * the back-end served in the same thread whenever a front-end waits. Prints what each did, and what it took:
 *
 *   trace SEED cache=0|1
 *   PROGRAM open|close
 *   PROGRAM new OBJECT BYTES vram|gart
 *   PROGRAM map|touch|free OBJECT [PAGE]
 *
 * each followed by " :", the operations that the back-end served, and "+PAGES" or "-PAGES" per hypercall by which dom0
 * mapped or unmapped so many, "g+PAGES" or "g-PAGES" where it was the guest's, of pages that were granted. Nothing is
 * checked here but memory: what must have been exchanged is a model's to say.
 */
#include "fuzz.h"
#include "trace.h"
#include "../protocol/places.h"
#include "../runtime/front.h"

#include <stdio.h>
#include <stdlib.h>

#define PROGRAMS 3u
#define ACTIONS 60
#define OBJECTS 4u

struct object {
	struct vgpu_buffer buffer;
	unsigned int number; /* 0: none */
};

struct program {
	struct vgpu *gpu;
	struct object object[OBJECTS];
};

static unsigned int named;

static void make(unsigned int number, struct program *program, struct object *object)
{
	static const uint64_t vram[] = { 1, 4096, 20000, 2 << 20, (4 << 20) + 1 };
	static const uint64_t gart[] = { 1, 4096, 65536, 65537, 2 << 20, (2 << 20) + 4096 };
	int shared = below(3) != 0;
	uint64_t bytes = shared ? gart[below(6)] : vram[below(5)];

	object->number = ++named;
	printf("%u new %u %llu %s :", number, object->number, (unsigned long long)bytes, shared ? "gart" : "vram");
	must(!vgpu_alloc(program->gpu, bytes, shared ? VGPU_GART : VGPU_VRAM, &object->buffer), vgpu_reason());
}

static void map(unsigned int number, struct program *program, struct object *object)
{
	printf("%u map %u :", number, object->number);
	must(!vgpu_map(program->gpu, &object->buffer), vgpu_reason());
}

static void touch(unsigned int number, struct program *program, struct object *object)
{
	uint64_t page = below((object->buffer.bytes + VGPU_PAGE - 1) / VGPU_PAGE);
	volatile uint64_t *word = (volatile uint64_t *)((uint8_t *)object->buffer.data + page * VGPU_PAGE);
	const uint8_t *base = object->buffer.domain == VGPU_VRAM ? gpu.window : gpu.ram + GUEST_GRANTS;

	printf("%u touch %u %llu :", number, object->number, (unsigned long long)page);
	must(!fault_arm(program->gpu), "no fault handler");
	*word = object->number;
	must(*(const uint64_t *)(base + object->buffer.address + page * VGPU_PAGE) == object->number,
	     "what the CPU wrote is not in the object");
	must(ends_mapped((object->buffer.address >> VGPU_PAGE_SHIFT) + page), "touched what was not mapped");
}

static void free_object(unsigned int number, struct program *program, struct object *object)
{
	printf("%u free %u :", number, object->number);
	vgpu_free(program->gpu, &object->buffer);
	object->number = 0;
}

static void act(unsigned int number, struct program *program)
{
	struct object *object = &program->object[below(OBJECTS)];

	if (!object->number)
		make(number, program, object);
	else if (below(4) == 0)
		free_object(number, program, object);
	else if (!object->buffer.data || below(3) == 0)
		map(number, program, object);
	else
		touch(number, program, object);
	putchar('\n');
}

static void open_program(unsigned int number, struct program *program)
{
	printf("%u open :", number);
	must(!vgpu_open(&program->gpu), vgpu_reason());
	putchar('\n');
}

/* What it has not freed ends with it, one by one, as with a program that ends in order. */
static void close_program(unsigned int number, struct program *program)
{
	for (unsigned int i = 0; i < OBJECTS; i++)
		if (program->object[i].number) {
			free_object(number, program, &program->object[i]);
			putchar('\n');
		}
	printf("%u close :", number);
	vgpu_close(program->gpu, NULL);
	program->gpu = NULL;
	putchar('\n');
}

static void trace(uint64_t seed)
{
	struct program programs[PROGRAMS] = { 0 };
	uint32_t cache;

	chance_seed(seed * 0x9e3779b97f4a7c15ull);
	for (int i = 0; i < 8; i++)
		rnd();
	cache = (uint32_t)below(2);
	ends_load(cache);
	named = 0;
	printf("trace %llu cache=%u\n", (unsigned long long)seed, cache);
	for (int i = 0; i < ACTIONS; i++) {
		unsigned int number = (unsigned int)below(PROGRAMS);
		struct program *program = &programs[number];

		if (!program->gpu)
			open_program(number, program);
		else if (below(20) == 0)
			close_program(number, program);
		else
			act(number, program);
	}
	for (unsigned int i = 0; i < PROGRAMS; i++)
		if (programs[i].gpu)
			close_program(i, &programs[i]);
	printf("gone :");
	ends_gone();
	putchar('\n');
}

int main(int argc, char **argv)
{
	uint64_t first = argc > 1 ? strtoull(argv[1], NULL, 10) : 1, count = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;

	ends_open();
	for (uint64_t seed = first; seed < first + count; seed++)
		trace(seed);
	return 0;
}
