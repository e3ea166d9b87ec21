/*
 * fuzz SECONDS [SEED]: hostile guests against the GPU and against everything that reads what a guest sends,
 * in one process and under sanitizers. The real engine runs in a thread. In addition to memory errors it
 * checks that no guest reached the canary's page, the slice of its neighbour, or host memory that is off
 * limits to the GPU.
 */
#include "fuzz.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static uint32_t bell[VGPU_PAGE / 4];

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

int main(int argc, char **argv)
{
	uint64_t third = (uint64_t)(argc > 1 ? atoi(argv[1]) : 3) * 1000000000ull / 3;
	uint64_t engine_rounds, mediator_rounds, pvdrm_rounds = 0, forward_rounds = 0;
	pthread_t thread;

	chance_seed(argc > 2 ? strtoull(argv[2], NULL, 0) : 0x9e3779b97f4a7c15ull);
	must(gpu_create(&gpu, FUZZ_RAM) == 0, "no memory for a GPU");
	card = (struct card){ .window = gpu.window, .doorbell = bell };
	must(pthread_create(&thread, NULL, engine, NULL) == 0, "no engine thread");
	check_contexts();
	engine_rounds = fuzz_engine(now_ns() + third);
	mediator_rounds = fuzz_mediator(now_ns() + third);
	fuzz_backends(now_ns() + third, &pvdrm_rounds, &forward_rounds);
	atomic_store(&gpu.quit, 1);
	pthread_join(thread, NULL);
	gpu_destroy(&gpu);
	printf("{\"engine\":%llu,\"mediator\":%llu,\"pvdrm\":%llu,\"forwarding\":%llu,\"check\":\"ok\"}\n",
	       (unsigned long long)engine_rounds, (unsigned long long)mediator_rounds,
	       (unsigned long long)pvdrm_rounds, (unsigned long long)forward_rounds);
	return 0;
}
