/* backprop: one forward pass, the error on the CPU, one adjustment of the weights; as Rodinia's. */
#include "workload.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define OUTPUTS 16u
#define RATE 0.3f
#define TARGET 0.1f

struct net {
	uint64_t inputs;
	float *in, *weights, out[OUTPUTS], delta[OUTPUTS];
};

static uint64_t weights_of(uint64_t inputs)
{
	return (inputs + 1) * OUTPUTS;
}

static struct net net_make(uint64_t inputs)
{
	struct net net = {
		.inputs = inputs,
		.in = must_alloc(inputs * 4),
		.weights = must_alloc(weights_of(inputs) * 4),
	};

	for (uint64_t i = 0; i < inputs; i++)
		net.in[i] = input_float(i, 11) - 1.0f;
	for (uint64_t i = 0; i < weights_of(inputs); i++)
		net.weights[i] = (input_float(i, 12) - 1.5f) / (float)inputs;
	return net;
}

static void net_free(struct net *net)
{
	free(net->in);
	free(net->weights);
}

static void deltas(struct net *net)
{
	for (unsigned int o = 0; o < OUTPUTS; o++)
		net->delta[o] = net->out[o] * (1.0f - net->out[o]) * (TARGET - net->out[o]);
}

static float *reference(uint64_t inputs)
{
	struct net net = net_make(inputs);

	for (unsigned int o = 0; o < OUTPUTS; o++) {
		float sum = net.weights[o];

		for (uint64_t i = 0; i < inputs; i++)
			sum += net.in[i] * net.weights[(i + 1) * OUTPUTS + o];
		net.out[o] = 1.0f / (1.0f + expf(-sum));
	}
	deltas(&net);
	for (unsigned int o = 0; o < OUTPUTS; o++) {
		net.weights[o] += RATE * net.delta[o];
		for (uint64_t i = 0; i < inputs; i++)
			net.weights[(i + 1) * OUTPUTS + o] += RATE * net.delta[o] * net.in[i];
	}
	free(net.in);
	return net.weights;
}

static int train(struct run *run, struct vgpu_buffer b[4], struct net *net)
{
	uint64_t forward[] = { b[2].address, b[0].address, b[1].address, net->inputs, OUTPUTS };
	uint64_t back[] = { b[1].address, b[0].address, b[3].address, net->inputs, OUTPUTS, float_bits(RATE) };

	if (run_launch(run, VGPU_KERNEL_LAYER, forward, 5))
		return -1;
	if (vgpu_wait(run->gpu) || vgpu_copy_from(run->gpu, net->out, &b[2], sizeof(net->out)))
		return run_fail_gpu("the forward pass");
	deltas(net);
	if (vgpu_copy_to(run->gpu, &b[3], net->delta, sizeof(net->delta)))
		return run_fail_gpu("copying the deltas");
	if (run_launch(run, VGPU_KERNEL_ADJUST, back, 6))
		return -1;
	return vgpu_wait(run->gpu) ? run_fail_gpu("waiting") : 0;
}

static int on_gpu(struct run *run, struct vgpu_buffer b[4], struct net *net)
{
	uint64_t sizes[] = { net->inputs * 4, weights_of(net->inputs) * 4, sizeof(net->out), sizeof(net->delta) };

	if (run_open(run) || run_alloc(run, b, sizes, 4))
		return -1;
	phase_begin(run, PHASE_HTOD);
	if (vgpu_copy_to(run->gpu, &b[0], net->in, sizes[0]) ||
	    vgpu_copy_to(run->gpu, &b[1], net->weights, sizes[1]))
		return run_fail_gpu("copying to the device");
	phase_begin(run, PHASE_LAUNCH);
	if (train(run, b, net))
		return -1;
	phase_begin(run, PHASE_DTOH);
	if (vgpu_copy_from(run->gpu, net->weights, &b[1], sizes[1]))
		return run_fail_gpu("copying from the device");
	phase_begin(run, PHASE_NONE);
	return 0;
}

static int backprop(struct run *run)
{
	struct vgpu_buffer buffers[4] = { 0 };
	struct net net = net_make(run->size);
	int error;

	if (!run->reference)
		run->reference = reference(run->size);
	error = on_gpu(run, buffers, &net);
	run_close(run, buffers, 4);
	run->operations = 4 * weights_of(run->size);
	if (!error)
		error = check_close(run, net.weights, run->reference, weights_of(run->size));
	net_free(&net);
	return error;
}

const struct workload workloads_neural[] = {
	{ "backprop", 4096, 262144, "inputs", backprop },
	{ 0 },
};
