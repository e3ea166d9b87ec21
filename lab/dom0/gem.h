/*
 * Objects, channels and their owners: the GPU state that the back-ends in dom0 (pvdrm-back, forwarder) keep
 * for their guests. Every name a guest gives is looked up among its own. Independent of Xen: tests run it
 * anywhere.
 */
#ifndef VGPU_GEM_H
#define VGPU_GEM_H

#include <pthread.h>
#include "card.h"
#include "../abi/spans.h"
#include "../runtime/heap.h"

#define GEM_OBJECTS 1024u
#define GEM_FILES 64u
#define GEM_HOST 255u /* dom0's own client number: it holds object 1, the canary's page */
#define GEM_PUSHBUF_MAX VGPU_PAGE

struct gem_object {
	uint32_t owner; /* client number + 1; 0: unused */
	uint32_t page, pages;
	uint32_t gart;
	uint32_t handles; /* files that have it open */
	uint32_t global;  /* its client has a global name for it, so it outlives them */
};

struct gem_file {
	uint32_t owner;    /* client number + 1; 0: unused */
	uint32_t channel;  /* 0: none */
	uint32_t tail;
	uint8_t open[GEM_OBJECTS]; /* handles are object numbers + 1 */
};

/* A page of the host's memory behind a page of a GART object. */
struct gart_page {
	uint8_t *data;  /* NULL: none, the object's page is the window's */
	uint32_t frame; /* machine frame, by which the GPU reaches it */
	uint32_t ref;   /* the grant by which its client's guest maps it */
};

/* How pages are mapped into a guest and unmapped; NULL if nothing is ever mapped. */
struct gem_mapper {
	int (*map)(void *context, uint32_t client, uint32_t page, uint32_t pages);
	void (*unmap)(void *context, uint32_t client, uint32_t page, uint32_t pages);
	/* Memory for GART objects, a page at a time, all zero; NULL: they are in the window, and mapped like VRAM. */
	int (*take)(void *context, uint32_t client, uint32_t page, struct gart_page *taken);
	void (*give)(void *context, uint32_t client, const struct gart_page *page);
	/* The guest is told this many grants, and maps them with one call; it has ended a call's mapping. */
	void (*granted)(void *context, uint32_t client, uint32_t pages);
	void (*ended)(void *context, uint32_t client, uint32_t pages);
	void *context;
};

struct gem {
	const struct card *card;
	struct gem_mapper mapper;
	pthread_mutex_t lock; /* held by whoever serves a request */
	struct heap heap;
	struct gem_object object[GEM_OBJECTS];
	struct gem_file file[GEM_FILES];
	uint8_t channel_used[VGPU_CHANNELS];
	uint8_t mapped[VGPU_WINDOW_PAGES]; /* in the owner's guest */
	struct gart_page gart[VGPU_WINDOW_PAGES];
	struct gem_unmapped {
		uint64_t calls, pages;
	} unmapped; /* by dom0, so far, in total */
};

struct gem_info {
	uint32_t handle;
	uint64_t address;
	uint64_t bytes;
	uint32_t gart;
};

void gem_init(struct gem *gem, const struct card *card, const struct gem_mapper *mapper);

/* All return 0 or a negative errno; `client` is determined by the caller, never by the guest. */
int gem_file_open(struct gem *gem, uint32_t client, uint32_t *file);
int gem_file_close(struct gem *gem, uint32_t client, uint32_t file);
int gem_channel_alloc(struct gem *gem, uint32_t client, uint32_t file, uint32_t *channel);
int gem_channel_free(struct gem *gem, uint32_t client, uint32_t file);
int gem_new(struct gem *gem, uint32_t client, uint32_t file, uint64_t bytes, int gart, struct gem_info *info);
int gem_info(struct gem *gem, uint32_t client, uint32_t file, uint32_t handle, struct gem_info *info);
int gem_close(struct gem *gem, uint32_t client, uint32_t file, uint32_t handle);
/* Gives the object a name that outlives its handles. */
int gem_to_global(struct gem *gem, uint32_t client, uint32_t file, uint32_t handle, uint32_t *global);
int gem_from_global(struct gem *gem, uint32_t client, uint32_t file, uint32_t global, struct gem_info *info);
/* Maps the pages around a touched one; reports which pages those are, counted within the object. */
int gem_fault(struct gem *gem, uint32_t client, uint32_t file, uint32_t handle, uint64_t *page, uint32_t *pages);
/* The grants of such pages; returns how many: 0 if dom0 mapped them. */
uint32_t gem_grants(struct gem *gem, uint32_t client, uint32_t file, uint32_t handle, uint64_t page, uint32_t pages,
		    volatile uint32_t *refs);
/* `commands` is a private copy. */
int gem_pushbuf(struct gem *gem, uint32_t client, uint32_t file, const void *commands, uint32_t bytes);
/* 0 idle, -EBUSY, -EIO faulted. */
int gem_idle(struct gem *gem, uint32_t client, uint32_t file);
/* Stops what this file has on the GPU. */
void gem_stop(struct gem *gem, uint32_t client, uint32_t file);
/* Frees everything of a client that is gone. */
void gem_client_gone(struct gem *gem, uint32_t client);

#endif
