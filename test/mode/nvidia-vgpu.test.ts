/** One of each kind of what `nvidia-vgpu.long.test.ts` has. */
import { describeNvidiaVgpu } from '../support/described/nvidia-vgpu-suite.ts';

describeNvidiaVgpu(false);
