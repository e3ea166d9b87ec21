/** One of each kind of what `virtio-gpu.long.test.ts` has. */
import { describeVirtioGpu } from '../support/described/virtio-gpu-suite.ts';

describeVirtioGpu(false);
