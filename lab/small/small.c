/*
 * head, mkdir, setsid and sleep as used in each trial of a benchmark, in two pages and without a C library:
 * starting a program in an emulated guest takes time for each page it touches, some 15 ms for busybox and 4
 * ms for this. All other uses of them, and error messages, are left to busybox.
 */
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>

#define BUSYBOX "/bin/busybox"
#define CHUNK 4096

static long call(long number, long a, long b, long c)
{
	long result;

	__asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
	return result;
}

static int same(const char *a, const char *b)
{
	for (; *a && *a == *b; a++)
		b++;
	return *a == *b;
}

static const char *base_of(const char *path)
{
	const char *base = path;

	for (; *path; path++)
		if (*path == '/')
			base = path + 1;
	return base;
}

/* Only digits, and few of them; -1 for anything else. */
static int64_t number(const char **text)
{
	int64_t value = 0;
	int digits = 0;

	for (; **text >= '0' && **text <= '9' && digits < 12; digits++)
		value = 10 * value + *(*text)++ - '0';
	return digits > 0 ? value : -1;
}

/* head -c BYTES FILE. Returns an exit status, or -1 if it is not for us. */
static int head(char **argv, int argc)
{
	const char *text = argc == 4 && same(argv[1], "-c") ? argv[2] : "";
	int64_t left = number(&text);
	char chunk[CHUNK];
	long file;

	if (left < 0 || *text || (file = call(SYS_open, (long)argv[3], O_RDONLY, 0)) < 0)
		return -1;
	while (left > 0) {
		long got = call(SYS_read, file, (long)chunk, left < CHUNK ? left : CHUNK);

		if (got <= 0)
			return got < 0;
		left -= got;
		for (long done = 0; done < got;) {
			long put = call(SYS_write, 1, (long)chunk + done, got - done);

			if (put < 0)
				return 1;
			done += put;
		}
	}
	return 0;
}

/* sleep SECONDS, with a fraction. */
static int nap(char **argv, int argc)
{
	const char *text = argc == 2 ? argv[1] : "";
	struct timespec time = { .tv_sec = number(&text) };

	if (*text == '.')
		for (long digit = 100000000; *++text >= '0' && *text <= '9'; digit /= 10)
			time.tv_nsec += digit * (*text - '0');
	if (time.tv_sec < 0 || *text)
		return -1;
	return call(SYS_nanosleep, (long)&time, 0, 0) < 0;
}

/* mkdir DIRECTORY */
static int directory(char **argv, int argc)
{
	return argc == 2 && argv[1][0] != '-' && call(SYS_mkdir, (long)argv[1], 0777, 0) == 0 ? 0 : -1;
}

/* The program of that name in a directory of PATH, if it exists. */
static void try_in(const char *directory, const char *end, char **argv, char **environment)
{
	char path[256];
	size_t length = 0;

	for (; directory < end && length < sizeof(path) - 1; directory++)
		path[length++] = *directory;
	path[length++] = '/';
	for (const char *name = argv[0]; *name && length < sizeof(path) - 1; name++)
		path[length++] = *name;
	path[length] = 0;
	if (length < sizeof(path) - 1)
		call(SYS_execve, (long)path, (long)argv, (long)environment);
}

static void complain(const char *text)
{
	size_t length = 0;

	while (text[length])
		length++;
	call(SYS_write, 2, (long)text, (long)length);
}

/* It already leads a session, in which case busybox would fork. */
static int not_run(const char *program)
{
	complain("setsid: can't execute '");
	complain(program);
	complain("'\n");
	return 127;
}

/* setsid PROGRAM ...: does not return if that could be run. */
static int session(char **argv, int argc, char **environment)
{
	const char *path = NULL;

	if (argc < 2 || argv[1][0] == '-' || call(SYS_setsid, 0, 0, 0) < 0)
		return -1;
	if (base_of(argv[1]) != argv[1]) {
		call(SYS_execve, (long)argv[1], (long)(argv + 1), (long)environment);
		return not_run(argv[1]);
	}
	for (char **one = environment; *one; one++)
		if ((*one)[0] == 'P' && (*one)[1] == 'A' && (*one)[2] == 'T' && (*one)[3] == 'H' && (*one)[4] == '=')
			path = *one + 5;
	while (path && *path) {
		const char *end = path;

		while (*end && *end != ':')
			end++;
		try_in(path, end, argv + 1, environment);
		path = *end ? end + 1 : end;
	}
	return not_run(argv[1]);
}

__attribute__((noreturn, used)) void start(long *stack)
{
	int argc = (int)stack[0];
	char **argv = (char **)(stack + 1);
	char **environment = argv + argc + 1;
	const char *name = argc > 0 ? base_of(argv[0]) : "";
	int status = -1;

	if (same(name, "head"))
		status = head(argv, argc);
	else if (same(name, "sleep"))
		status = nap(argv, argc);
	else if (same(name, "mkdir"))
		status = directory(argv, argc);
	else if (same(name, "setsid"))
		status = session(argv, argc, environment);
	if (status < 0)
		call(SYS_execve, (long)BUSYBOX, (long)argv, (long)environment);
	call(SYS_exit_group, status < 0 ? 127 : status, 0, 0);
	__builtin_unreachable();
}

__asm__(".globl _start\n_start: xor %ebp, %ebp\n mov %rsp, %rdi\n and $-16, %rsp\n call start\n");
