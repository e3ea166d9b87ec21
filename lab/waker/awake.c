#include "awake.h"
#include "../machine/clocksource.h"

#include <fcntl.h>
#include <inttypes.h>
#include <linux/random.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#define NS_PER_S 1000000000ll

static int64_t realtime_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec * NS_PER_S + now.tv_nsec;
}

int64_t clock_distance(int64_t wanted_ns)
{
	return wanted_ns - realtime_ns();
}

void clock_step(int64_t step_ns)
{
	int64_t wanted = realtime_ns() + step_ns;
	struct timespec time = { .tv_sec = wanted / NS_PER_S, .tv_nsec = wanted % NS_PER_S };

	if (clock_settime(CLOCK_REALTIME, &time) < 0)
		perror("waker: the time of day");
}

void reseed(const char *digits)
{
	struct {
		struct rand_pool_info info;
		unsigned char bytes[SEED_BYTES];
	} pool = { .info = { .entropy_count = SEED_BYTES * 8, .buf_size = SEED_BYTES } };
	int fd = open("/dev/urandom", O_WRONLY | O_CLOEXEC);

	for (unsigned int i = 0; i < SEED_BYTES; i++)
		if (sscanf(digits + 2 * i, "%2hhx", &pool.bytes[i]) != 1) {
			fprintf(stderr, "waker: a seed that is too short\n");
			close(fd);
			return;
		}
	/* The second makes the added bytes count at once, rather than with the next reseeding, up to a minute later. */
	if (fd < 0 || ioctl(fd, RNDADDENTROPY, &pool) < 0 || ioctl(fd, RNDRESEEDCRNG) < 0)
		perror("waker: random numbers");
	if (fd >= 0)
		close(fd);
	explicit_bzero(&pool, sizeof(pool));
}

void fresh_seed(char *digits)
{
	unsigned char bytes[SEED_BYTES];
	ssize_t got = getrandom(bytes, sizeof(bytes), 0);

	for (unsigned int i = 0; i < SEED_BYTES; i++)
		snprintf(digits + 2 * i, 3, "%02x", got == sizeof(bytes) ? bytes[i] : 0);
	explicit_bzero(bytes, sizeof(bytes));
}

void awake_text(char *text)
{
	char name[32];

	clocksource_name(name, sizeof(name));
	snprintf(text, AWAKE_TEXT, "%s %" PRIu64, name, clocksource_reading_ns());
}
