/** NVIDIA vGPU on described hosts with KVM, in every way that it can fail. */
import { describeNvidiaVgpu } from '../support/described/nvidia-vgpu-suite.ts';

describeNvidiaVgpu(true);
