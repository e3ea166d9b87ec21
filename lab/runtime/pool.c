#include "pool.h"

#include <string.h>

int pool_take(struct pvdrm_front_state *state, uint64_t bytes, struct pvdrm_pooled *taken)
{
	for (unsigned int i = 0; i < PVDRM_POOL && state->pool[i].global; i++) {
		if (state->pool[i].bytes < bytes)
			continue;
		*taken = state->pool[i];
		memmove(&state->pool[i], &state->pool[i + 1], (PVDRM_POOL - 1 - i) * sizeof(state->pool[0]));
		state->pool[PVDRM_POOL - 1].global = 0;
		return 1;
	}
	return 0;
}

void pool_put(struct pvdrm_front_state *state, const struct pvdrm_pooled *entry)
{
	unsigned int at = 0;

	while (at < PVDRM_POOL - 1 && state->pool[at].global && state->pool[at].bytes < entry->bytes)
		at++;
	memmove(&state->pool[at + 1], &state->pool[at], (PVDRM_POOL - 1 - at) * sizeof(state->pool[0]));
	state->pool[at] = *entry;
}
