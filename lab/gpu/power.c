#include "gpu.h"

#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

/* Registers and channels as at power on; objects keep what they held, as VRAM does. */
void gpu_power_on(struct gpu *gpu)
{
	struct vgpu_regs *regs = gpu_regs(gpu);

	for (unsigned int c = 0; c < VGPU_CHANNELS; c++)
		gpu->channel[c] = (struct channel){ .generation = gpu->channel[c].generation + 1 };
	memset(gpu->iommu, 0, VGPU_IOMMU_BYTES);
	memset(gpu->window + VGPU_CHANNEL(0), 0, VGPU_HEAP - VGPU_CHANNEL(0));
	for (unsigned int i = 0; i < VGPU_PAGE / 8; i++)
		((volatile uint64_t *)(gpu->window + VGPU_CANARY))[i] = VGPU_CANARY_WORD;
	*regs = (struct vgpu_regs){
		.magic = VGPU_MAGIC,
		.version = VGPU_VERSION,
		.window_pages = VGPU_WINDOW_PAGES,
		.channels = VGPU_CHANNELS,
		.reset = 1,
		.resets = regs->resets,
	};
	__atomic_store_n(&regs->reset, 0, __ATOMIC_RELEASE);
}

/* Memory that others can map by its descriptor; NULL, with errno, on failure. */
static uint8_t *shared(const char *name, uint64_t bytes, int *fd)
{
	void *memory = MAP_FAILED;

	*fd = memfd_create(name, MFD_CLOEXEC);
	if (*fd >= 0 && !ftruncate(*fd, (off_t)bytes))
		memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, *fd, 0);
	return memory == MAP_FAILED ? NULL : memory;
}

int gpu_create(struct gpu *gpu, uint64_t ram_bytes)
{
	memset(gpu, 0, sizeof(*gpu));
	gpu->ram_fd = -1;
	gpu->window = shared("vgpu-window", VGPU_WINDOW, &gpu->memory_fd);
	gpu->iommu = shared("vgpu-iommu", VGPU_IOMMU_BYTES, &gpu->iommu_fd);
	if (!gpu->window || !gpu->iommu)
		return -1;
	if (ram_bytes) {
		gpu->ram = shared("vgpu-ram", ram_bytes, &gpu->ram_fd);
		gpu->ram_bytes = ram_bytes;
		if (!gpu->ram)
			return -1;
	}
	gpu->submit_fd = eventfd(0, EFD_CLOEXEC);
	gpu->control_fd = eventfd(0, EFD_CLOEXEC);
	if (gpu->submit_fd < 0 || gpu->control_fd < 0)
		return -1;
	for (unsigned int i = 0; i < VGPU_VECTORS; i++) {
		gpu->interrupt_fd[i] = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
		if (gpu->interrupt_fd[i] < 0)
			return -1;
	}
	gpu_power_on(gpu);
	return 0;
}

void gpu_destroy(struct gpu *gpu)
{
	for (unsigned int i = 0; i < VGPU_VECTORS; i++)
		close(gpu->interrupt_fd[i]);
	close(gpu->control_fd);
	close(gpu->submit_fd);
	munmap(gpu->window, VGPU_WINDOW);
	close(gpu->memory_fd);
	munmap(gpu->iommu, VGPU_IOMMU_BYTES);
	close(gpu->iommu_fd);
	if (!gpu->ram)
		return;
	munmap(gpu->ram, gpu->ram_bytes);
	close(gpu->ram_fd);
}
