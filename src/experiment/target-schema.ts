import { z } from 'zod';
import { anyPowerSchema } from '../power/kinds.ts';
import { name } from '../words/names.ts';

export const targetSchema = z
  .strictObject({
    ssh: z.string().min(1).optional().describe('An ssh_config alias, or [user@]host[:port].'),
    lab: z
      .string()
      .regex(/^(bare|dom0|g[1-7]|p1)$/, { error: 'expected bare, dom0, a guest from g1 to g7, or p1' })
      .optional()
      .describe(
        'Instead of ssh: a machine of the embedded lab. `vgpubench lab run FILE` boots it if necessary.',
      ),
    config: z
      .string()
      .optional()
      .describe('An ssh_config file to use instead of the user’s; the path is relative to this file.'),
    host: name.optional().describe('The target that is this guest’s host, where `at: host` commands run.'),
    domain: name
      .optional()
      .describe(
        'The name that the host uses for this guest. Default: the value of `lab`, or the target’s name.',
      ),
    machine: name
      .optional()
      .describe('The computer under `machines` that this target runs on; for a guest, set it on its host.'),
    boot: name.optional().describe('The boot of that machine in which this target is up.'),
    power: anyPowerSchema.optional(),
    shell: z
      .string()
      .regex(/^[A-Za-z0-9_./ -]+$/, { error: 'expected the path of a POSIX shell, such as sh or /bin/dash' })
      .default('sh')
      .describe('The POSIX shell that runs commands on this target.'),
  })
  .superRefine((target, context) => {
    if ((target.ssh === undefined) === (target.lab === undefined))
      context.addIssue({
        code: 'custom',
        message: 'expected either ssh or lab',
        input: target.ssh === undefined ? 'neither' : 'both',
      });
  })
  .describe('Anything reached over SSH: a host or a guest.');

export type TargetSpec = z.output<typeof targetSchema>;
