import { z } from 'zod';
import { machineBootsSchema } from './machine-boots.ts';
import { machineStatesSchema } from './machine-states.ts';

/** Recovery from hangs, as recorded in results. */
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
    quarantined: z
      .record(z.string(), z.string())
      .describe('Modes whose remaining trials were skipped, and why.'),
  })
  .describe('Recovery from hangs; absent if there were none.');

/** What happened to guests and machines besides the trials. */
export const machinesBeside = {
  recovery: recoverySchema.optional(),
  machineBoots: machineBootsSchema.optional(),
  machineStates: machineStatesSchema.optional(),
};
