#include "line.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define PORT "/dev/ttyS1"

int line_open(struct line *line)
{
	struct termios settings;

	*line = (struct line){ .fd = open(PORT, O_RDWR | O_NOCTTY | O_CLOEXEC) };
	if (line->fd < 0 || tcgetattr(line->fd, &settings) < 0)
		return -1;
	cfmakeraw(&settings);
	cfsetspeed(&settings, B115200);
	settings.c_cflag |= CLOCAL;
	return tcsetattr(line->fd, TCSANOW, &settings);
}

void line_say(const struct line *line, const char *word, const char *more)
{
	dprintf(line->fd, "%s %s\n", word, more);
}

static int carry_out(const char *request, int64_t *step_ns)
{
	char digits[2 * SEED_BYTES + 1];
	int64_t realtime_ns;

	if (sscanf(request, "wake %" SCNd64 " %128s", &realtime_ns, digits) != 2)
		return 0;
	*step_ns = clock_distance(realtime_ns);
	clock_step(*step_ns);
	reseed(digits);
	explicit_bzero(digits, sizeof(digits));
	return 1;
}

int line_wake(struct line *line, int64_t *step_ns)
{
	ssize_t got = read(line->fd, line->text + line->used, sizeof(line->text) - 1 - line->used);
	char *end;
	int woken = 0;

	if (got <= 0)
		return -1;
	line->used += (size_t)got;
	line->text[line->used] = 0;
	end = strchr(line->text, '\n');
	if (end)
		woken = carry_out(line->text, step_ns);
	/* One request at a time: the host waits for the answer. A line that fills up without an end is not a
	   request. */
	if (end || line->used == sizeof(line->text) - 1) {
		explicit_bzero(line->text, sizeof(line->text));
		line->used = 0;
	}
	return woken;
}
