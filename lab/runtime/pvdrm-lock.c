/* What the programs of a guest share of pvdrm's front-end is accessed by one program at a time. */
#include "front.h"

#include <errno.h>
#include <string.h>

void programs_lock(struct front *front)
{
	if (pthread_mutex_lock(&front->state->lock) != EOWNERDEAD)
		return;
	/* A holder that died may have left the pool half moved: an object that nobody has is better than one that
	   two have. */
	memset(front->state->pool, 0, sizeof(front->state->pool));
	pthread_mutex_consistent(&front->state->lock);
}

void programs_unlock(struct front *front)
{
	pthread_mutex_unlock(&front->state->lock);
}
