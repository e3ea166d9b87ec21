import { z } from 'zod';
import { machineBootsSchema } from './machine-boots.ts';
import { machineStatesSchema } from './machine-states.ts';

/** How hangs were answered, as results tell it. */
const recoverySchema = z
  .object({
    rungs: z.array(
      z.object({
        wall: z.string(),
        rung: z.string(),
        mode: z.string(),
        trial: z.string().nullable(),
        ok: z.boolean(),
        tookMs: z.number(),
      }),
    ),
    quarantined: z.record(z.string(), z.string()).describe('Why no trial of a mode was run any more.'),
  })
  .describe('How hangs were answered; absent where there were none.');

/** What became of guests and machines beside the trials. */
export const machinesBeside = {
  recovery: recoverySchema.optional(),
  machineBoots: machineBootsSchema.optional(),
  machineStates: machineStatesSchema.optional(),
};
