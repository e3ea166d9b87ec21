import { z } from 'zod';
import { commandLine, name } from '../words/names.ts';
import { duration } from '../words/units.ts';

const bootSchema = z.union([
  commandLine
    .transform((select): { select: string; check?: string | undefined } => ({ select }))
    .describe('Shorthand for select alone.'),
  z.strictObject({
    select: commandLine.describe(
      'Selects this boot for the machine’s next start only, such as grub-reboot "Debian, with Xen". Run on the machine, in whichever boot it is.',
    ),
    check: commandLine
      .optional()
      .describe(
        'Exits with 0 in this boot and in no other of the machine, such as test -d /proc/xen. Identifies a boot that the run has not started itself.',
      ),
  }),
]);

export const machineSchema = z
  .strictObject({
    boots: z
      .record(name, bootSchema)
      .optional()
      .describe(
        'The systems that it can boot, by name, each with the command that selects it for the next start.',
      ),
    reboot: commandLine
      .default('systemctl reboot')
      .describe('Restarts it; run on the machine. Default: systemctl reboot.'),
    reset: commandLine
      .optional()
      .describe(
        'Restarts it when it does not answer, such as ipmitool -H nv-bmc chassis power cycle; run by sh on the machine where vgpubench runs.',
      ),
    ready: duration
      .default(300_000)
      .describe('The longest time from a restart until it answers over ssh. Default: 5m.'),
  })
  .describe('One physical computer, with whichever of its targets is up.');

export type MachineSpec = z.output<typeof machineSchema>;
