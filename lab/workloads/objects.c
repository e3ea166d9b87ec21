/* gem, churn: the cost of creating, mapping, touching and freeing objects. */
#include "workload.h"

#define GEM_BYTES 65536u
#define LIVE 8u /* objects of churn at a time, in addition to those it keeps */
enum object_kind { OBJECT_MAPPED = 0, OBJECT_UNMAPPED = 1 };

/* Eight bytes of each page are written, and read back. */
static int touch(struct run *run, struct vgpu_buffer *object, uint64_t word)
{
	if (vgpu_map(run->gpu, object))
		return run_fail_gpu("mapping an object");
	for (uint64_t at = 0; at < object->bytes; at += VGPU_PAGE) {
		uint64_t value = word + at;

		vgpu_store(run->gpu, (uint8_t *)object->data + at, &value, sizeof(value));
	}
	for (uint64_t at = 0; at < object->bytes; at += VGPU_PAGE) {
		uint64_t value;

		vgpu_load(run->gpu, &value, (uint8_t *)object->data + at, sizeof(value));
		if (value != word + at)
			return run_fail(WRONG "an object lost what was written to it");
	}
	return vgpu_unmap(run->gpu, object) ? run_fail_gpu("unmapping an object") : 0;
}

static int make(struct run *run, uint64_t bytes, uint64_t word, struct vgpu_buffer *object)
{
	phase_begin(run, PHASE_ALLOC);
	if (vgpu_alloc(run->gpu, bytes, VGPU_GART, object))
		return run_fail_gpu("allocating an object");
	return run->extra == OBJECT_MAPPED ? touch(run, object, word) : 0;
}

static void end(struct run *run, struct vgpu_buffer *object)
{
	phase_begin(run, PHASE_CLOSE);
	vgpu_free(run->gpu, object);
}

/* Created in the first round, and touched again in each. */
static int use_again(struct run *run, uint64_t bytes, uint64_t word)
{
	struct vgpu_buffer *object = run_kept(run, VGPU_GART, bytes);

	if (!object)
		return -1;
	phase_begin(run, PHASE_ALLOC);
	return run->extra == OBJECT_MAPPED ? touch(run, object, word) : 0;
}

/* Spread evenly: of any hundred consecutive ones, this many are created anew. */
static int is_fresh(const struct run *run, uint64_t i)
{
	return (i + 1) * run->fresh / 100 != i * run->fresh / 100;
}

static uint64_t word_of(const struct run *run, uint64_t i)
{
	return (run->round << 40) + i * 7919u;
}

static int finish(struct run *run, int error)
{
	phase_begin(run, PHASE_NONE);
	run_close(run, NULL, 0);
	run->operations = run->size;
	run->checksum = run->size;
	return error;
}

/* `size` objects of 64 KiB, one after the other; EXTRA 1: never mapped. */
static int gem(struct run *run)
{
	int error = run_open(run);

	for (uint64_t i = 0; !error && i < run->size; i++) {
		struct vgpu_buffer object;

		if (!is_fresh(run, i)) {
			error = use_again(run, GEM_BYTES, word_of(run, i));
			continue;
		}
		error = make(run, GEM_BYTES, word_of(run, i), &object);
		if (!error)
			end(run, &object);
	}
	return finish(run, error);
}

/* From 4 KiB to 1 MiB, small ones more often, always the same for the same object. */
static uint64_t churn_bytes(uint64_t i)
{
	static const uint64_t mix[] = { 4096, 4096, 4096, 16384, 16384, 65536, 262144, 1048576 };

	return mix[input_u32(i, 11) % (sizeof(mix) / sizeof(mix[0]))];
}

/* `size` objects of mixed sizes, some of which live at a time; EXTRA 1: never mapped. */
static int churn(struct run *run)
{
	struct vgpu_buffer live[LIVE] = { 0 };
	int error = run_open(run);

	for (uint64_t i = 0; !error && i < run->size; i++) {
		struct vgpu_buffer *object = &live[input_u32(i, 13) % LIVE];

		if (!is_fresh(run, i)) {
			error = use_again(run, churn_bytes(i), word_of(run, i));
			continue;
		}
		if (object->bytes)
			end(run, object);
		error = make(run, churn_bytes(i), word_of(run, i), object);
	}
	for (unsigned int i = 0; run->gpu && i < LIVE; i++)
		if (live[i].bytes)
			end(run, &live[i]);
	return finish(run, error);
}

const struct workload workloads_objects[] = {
	{ "gem", 50, 100000, "objects", gem },
	{ "churn", 50, 100000, "objects", churn },
	{ 0 },
};
