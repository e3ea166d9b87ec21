import { z } from 'zod';
import { oneOrMany } from './names.ts';
import { duration, size } from './units.ts';

export const labNative = z
  .strictObject({ use: z.literal('lab-native'), on: oneOrMany })
  .describe('The lab’s bare box: the GPU mapped, no hypervisor that the workload could cross to.');
export const labPassthrough = z
  .strictObject({ use: z.literal('lab-passthrough'), on: oneOrMany })
  .describe('The lab’s whole GPU mapped into one guest: nothing crosses.');
export const labPvdrm = z
  .strictObject({
    use: z.literal('lab-pvdrm'),
    on: oneOrMany,
    cache: z.boolean().default(false).describe('Pool mappable GEM objects when they are freed.'),
    sequential: z
      .boolean()
      .default(true)
      .describe('The thread that polls serves each request itself; else an ordered queue does.'),
  })
  .describe('pvdrm (lab): the DRM interface over granted slots, re-created after its published design.');
export const labMediated = z
  .strictObject({
    use: z.literal('lab-mediated'),
    on: oneOrMany,
    slice: size
      .refine((bytes) => bytes % 1024 ** 2 === 0, { error: 'expected whole MiB, such as 16MiB' })
      .default(16 * 1024 ** 2)
      .describe('Each guest’s part of the GPU’s memory; together at most 119MiB.'),
    quantum: duration
      .refine((ms) => Number.isInteger(ms) && ms <= 10_000, { error: 'expected whole ms, at most 10s' })
      .default(15)
      .describe('Each guest’s time slice.'),
  })
  .describe('mediated (lab): own slice mapped, registers, GTT and tail trapped; re-created after gVirt.');
export const labForwarding = z
  .strictObject({ use: z.literal('lab-forwarding'), on: oneOrMany })
  .describe('forwarding (lab): each call of the API is a message to dom0, data included.');
export const labEmulation = z
  .strictObject({ use: z.literal('lab-emulation'), on: oneOrMany })
  .describe('emulation (lab): every access to the GPU is trapped.');

export type LabPvdrmSpec = z.output<typeof labPvdrm>;
export type LabMediatedSpec = z.output<typeof labMediated>;
