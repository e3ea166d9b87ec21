/** virtio-gpu on a described host with KVM, in every way that it can fail. */
import { describeVirtioGpu } from '../support/described/virtio-gpu-suite.ts';

describeVirtioGpu(true);
