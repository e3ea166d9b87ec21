/* forwarder [hang=MS] [request-us=N] DOMAIN...: serves the runtime's calls of each domain over a vchan, a thread each. */
#include "../machine/delay.h"
#include "domains.h"
#include "forward-serve.h"
#include "../machine/quit.h"
#include "../machine/ready.h"
#include "../vchan/vchan.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONNECTED 1

struct served {
	struct forward_client client;
	struct libxenvchan *channel;
	const char *name;
	pthread_t thread;
};

static struct served served[GUESTS_MAX];
static unsigned int served_count;
static struct card card;
static struct gem gem;
static int quit;     /* to poll */
static int quitting; /* it has been seen */
static unsigned int request_us; /* delay added to each */

static int told_to_end(void)
{
	return __atomic_load_n(&quitting, __ATOMIC_ACQUIRE);
}

/* Returns as soon as the peer is gone or we are to end. */
static int wait_guest(void *context)
{
	struct libxenvchan *channel = context;

	if (told_to_end() || libxenvchan_is_open(channel) != CONNECTED)
		return -1;
	vchan_doze(channel, quit);
	return 0;
}

static int read_all(struct libxenvchan *channel, void *to, uint64_t bytes)
{
	return vchan_read_all(channel, to, bytes, wait_guest, channel);
}

static int write_all(struct libxenvchan *channel, const void *from, uint64_t bytes)
{
	return vchan_write_all(channel, from, bytes, wait_guest, channel);
}

/* Data of a refused copy: read and discarded, so that the next message is found. */
static int discard(struct libxenvchan *channel, uint64_t bytes)
{
	uint8_t sink[4096];

	if (bytes > VGPU_WINDOW)
		return -1;
	while (bytes) {
		uint64_t part = bytes < sizeof(sink) ? bytes : sizeof(sink);

		if (read_all(channel, sink, part))
			return -1;
		bytes -= part;
	}
	return 0;
}

static int serve_message(struct served *s)
{
	struct forward_request request;
	struct forward_reply reply;
	uint8_t *data;
	int error = 0;

	if (read_all(s->channel, &request, sizeof(request)))
		return -1;
	delay_us(s->client.counters, request_us);
	forward_serve(&s->client, &request, &reply, &data);
	if (request.op == FORWARD_HTOD)
		error = data ? read_all(s->channel, data, request.bytes) : discard(s->channel, request.bytes);
	if (!error)
		error = write_all(s->channel, &reply, sizeof(reply));
	if (!error && request.op == FORWARD_DTOH && data)
		error = write_all(s->channel, data, request.bytes);
	return error;
}

static void drain(struct libxenvchan *channel)
{
	uint8_t sink[4096];

	while (libxenvchan_data_ready(channel) > 0 && libxenvchan_read(channel, sink, sizeof(sink)) > 0)
		;
}

static void *serve(void *context)
{
	struct served *s = context;

	while (!told_to_end()) {
		if (libxenvchan_is_open(s->channel) != CONNECTED) {
			vchan_doze(s->channel, quit);
			continue;
		}
		while (!told_to_end() && !serve_message(s))
			;
		forward_gone(&s->client);
		drain(s->channel);
	}
	return NULL;
}

static int add(const char *name, unsigned int hang_ms)
{
	struct served *s = &served[served_count];
	int domain = domain_find(name);
	char path[64];

	if (domain < 0) {
		fprintf(stderr, "forwarder: no domain %s\n", name);
		return -1;
	}
	snprintf(path, sizeof(path), FORWARD_PATH, (unsigned int)domain);
	s->name = name;
	s->client = (struct forward_client){ .gem = &gem, .client = served_count, .counters = crossings_open(name),
					     .hang_ns = hang_ms * 1000000ull };
	s->channel = libxenvchan_server_init(NULL, domain, path, FORWARD_RING_BYTES, FORWARD_RING_BYTES);
	if (!s->channel) {
		fprintf(stderr, "forwarder: no vchan for %s: %s\n", name, strerror(errno));
		return -1;
	}
	s->channel->server_persist = 1;
	s->channel->blocking = 0;
	if (pthread_create(&s->thread, NULL, serve, s))
		return -1;
	served_count++;
	return 0;
}

int main(int argc, char **argv)
{
	struct pollfd asked = { .events = POLLIN };
	unsigned int hang_ms = HANG_NS_DEFAULT / 1000000;
	int first = 1, error = 0;

	for (; first < argc && strchr(argv[first], '='); first++)
		if (!strncmp(argv[first], "hang=", 5))
			hang_ms = (unsigned int)atoi(argv[first] + 5);
		else if (!strncmp(argv[first], "request-us=", 11))
			request_us = (unsigned int)atoi(argv[first] + 11);
		else
			break;
	if (argc - first < 1 || argc - first > GUESTS_MAX || hang_ms == 0) {
		fprintf(stderr, "usage: forwarder [hang=MS] [request-us=N] DOMAIN... (1 to %d)\n", GUESTS_MAX);
		return 2;
	}
	quit = quit_open();
	if (card_open(&card, VGPU_WINDOW) || card_reset(&card))
		return 1;
	gem_init(&gem, &card, NULL);
	for (int i = first; !error && i < argc; i++)
		error = add(argv[i], hang_ms);
	if (!error) {
		ready("forwarder, adds %u us per request", request_us);
		asked.fd = quit;
		poll(&asked, 1, -1);
	}
	__atomic_store_n(&quitting, 1, __ATOMIC_RELEASE);
	for (unsigned int i = 0; i < served_count; i++) {
		pthread_join(served[i].thread, NULL);
		libxenvchan_close(served[i].channel);
	}
	card_reset(&card);
	ready_ended();
	return error ? 1 : 0;
}
