import { z } from 'zod';
import { modeKind, modeSchema } from '../kind.ts';

const schema = modeSchema(
  'native',
  {
    hypervisor: z
      .enum(['none', 'allowed'])
      .default('none')
      .describe(
        '`none` voids trials where a hypervisor is detected; `allowed` says the baseline is itself a VM.',
      ),
    driver: z.string().optional().describe('The kernel driver that `device` must be bound to.'),
    device: z
      .string()
      .startsWith('/dev/')
      .optional()
      .describe('The GPU’s device node, such as /dev/dri/card0.'),
  },
  'The GPU driven by the operating system that owns it.',
);

export type NativeSpec = z.output<typeof schema>;

export const native = modeKind({
  use: 'native',
  schema,
  facts: {
    boundary: 'none',
    ownsGpu: true,
    mostGuests: Infinity,
    attestedUnentered: true,
    definition: 1,
    provenance: null,
  },
  sleeps: () => false,
  options: {
    hypervisor: { costs: 'machine boot', shapesFigures: true },
    driver: { costs: 'module', shapesFigures: true },
    device: { costs: 'nothing', shapesFigures: true },
  },
  needsHost: () => undefined,
  needs: () => [],
  contradictions: () => [],
  program: async () => (await import('./program.ts')).nativeMode,
});
