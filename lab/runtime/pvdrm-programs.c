/* The concurrent programs that use pvdrm's front-end: who they are, and what killed ones left. */
#include "front.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* A number belongs to its program as long as that has the descriptor open. 0, or a negative errno. */
static int number_lock(const struct front *front, uint32_t number, short type)
{
	struct flock byte = { .l_type = type, .l_whence = SEEK_SET, .l_start = number, .l_len = 1 };

	return fcntl(front->state_fd, F_OFD_SETLK, &byte) ? -errno : 0;
}

/* A killed process left its file open, its mappings, and maybe a request in progress. */
static void clean_up_after(struct vgpu *gpu, uint32_t killed)
{
	struct front *front = front_of(gpu);

	slots_settle(front, killed);
	shared_ends_of(gpu, killed);
	if (!front->state->open_file[killed])
		return;
	front->file = front->state->open_file[killed];
	file_close(gpu);
	front->state->open_file[killed] = 0;
	front->file = 0;
}

int program_join(struct vgpu *gpu)
{
	struct front *front = front_of(gpu);
	uint32_t number = 0;

	while (number < PVDRM_PROGRAMS && number_lock(front, number, F_WRLCK))
		number++;
	if (number == PVDRM_PROGRAMS)
		return vgpu_fail(EBUSY, "%u programs use the GPU at once, and no more can", PVDRM_PROGRAMS);
	front->program = number;
	clean_up_after(gpu, number);
	for (uint32_t other = number + 1; other < PVDRM_PROGRAMS; other++)
		if (front->state->open_file[other] && !number_lock(front, other, F_WRLCK)) {
			clean_up_after(gpu, other);
			number_lock(front, other, F_UNLCK);
		}
	return 0;
}
