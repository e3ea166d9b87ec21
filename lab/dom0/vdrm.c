#include "vdrm.h"
#include "../protocol/pvdrm.h"

#include <stdio.h>
#include <string.h>

#define PATH_BYTES 64

struct node {
	const char *leaf;
	const char *value;
};

void vdrm_front_path(uint32_t domain, char *path, size_t size)
{
	snprintf(path, size, "/local/domain/%u/" PVDRM_FRONT, domain);
}

void vdrm_back_path(uint32_t domain, char *path, size_t size)
{
	snprintf(path, size, "/local/domain/0/backend/vdrm/%u/0", domain);
}

/* The folder first, so that its nodes get its permissions: the owner's end, which the other may read. */
static int write_end(struct xs_handle *store, const char *folder, uint32_t owner, uint32_t reader,
		     const struct node *nodes, size_t count)
{
	struct xs_permissions permissions[] = { { .id = owner, .perms = XS_PERM_NONE },
						{ .id = reader, .perms = XS_PERM_READ } };
	char path[PATH_BYTES + 16];

	if (!xs_mkdir(store, XBT_NULL, folder) || !xs_set_permissions(store, XBT_NULL, folder, permissions, 2))
		return -1;
	for (size_t i = 0; i < count; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, nodes[i].leaf);
		if (!xs_write(store, XBT_NULL, path, nodes[i].value, (unsigned int)strlen(nodes[i].value)))
			return -1;
	}
	return 0;
}

int vdrm_attach(struct xs_handle *store, uint32_t domain)
{
	char front[PATH_BYTES], back[PATH_BYTES], id[16];
	const struct node of_back[] = {
		{ "frontend-id", id }, { "frontend", front }, { "device-path", "/dev/dri/card0" }, { "state", "1" },
	};
	const struct node of_front[] = {
		{ "backend-id", "0" }, { "error", "0" }, { "backend", back }, { "state", "1" },
	};

	snprintf(id, sizeof(id), "%u", domain);
	vdrm_front_path(domain, front, sizeof(front));
	vdrm_back_path(domain, back, sizeof(back));
	vdrm_detach(store, domain);
	if (write_end(store, back, 0, domain, of_back, 4))
		return -1;
	return write_end(store, front, domain, 0, of_front, 4);
}

void vdrm_detach(struct xs_handle *store, uint32_t domain)
{
	char path[PATH_BYTES];

	vdrm_front_path(domain, path, sizeof(path));
	xs_rm(store, XBT_NULL, path);
	vdrm_back_path(domain, path, sizeof(path));
	xs_rm(store, XBT_NULL, path);
}
