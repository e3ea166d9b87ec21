/*
 * vgpu-window reset: resets the GPU to its state at power on. vgpu-window canary: whether the canary page
 * still holds what the GPU put there at reset: "whole", or "written".
 */
#include "../dom0/card.h"

#include <stdio.h>
#include <string.h>

static int reset(void)
{
	struct card card;

	if (card_open(&card, VGPU_PAGE))
		return 1;
	if (!card_reset(&card))
		return 0;
	fprintf(stderr, "vgpu-window: the GPU does not reset\n");
	return 1;
}

static int canary(void)
{
	const char *state = card_canary();

	if (state) {
		printf("%s\n", state);
		return 0;
	}
	fprintf(stderr, "vgpu-window: the page of the canary can't be mapped\n");
	return 1;
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "reset"))
		return reset();
	if (argc == 2 && !strcmp(argv[1], "canary"))
		return canary();
	fprintf(stderr, "usage: vgpu-window reset|canary\n");
	return 2;
}
