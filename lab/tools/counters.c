/*
 * vgpu-counters: this machine's crossings by kind since it booted, as one JSON object. In a guest, "guest" is
 * what its runtime crossed; in dom0 there is a key per domain, with what the serving side saw of it.
 */
#include "tally.h"

#include <stdio.h>

int main(void)
{
	tally_print();
	putchar('\n');
	return 0;
}
