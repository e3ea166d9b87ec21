import { z } from 'zod';
import { commandLine, name } from '../words/names.ts';
import { duration } from '../words/units.ts';

const bootSchema = z.union([
  commandLine
    .transform((select): { select: string; check?: string | undefined } => ({ select }))
    .describe('The same as select alone.'),
  z.strictObject({
    select: commandLine.describe(
      'Has the machine’s next start, and no later one, be this boot: such as grub-reboot "Debian, with Xen". Run on the machine, whatever it is booted as.',
    ),
    check: commandLine
      .optional()
      .describe(
        'Exits with 0 in this boot and in no other of the machine, such as test -d /proc/xen. By it a boot that the run has not started itself is known.',
      ),
  }),
]);

export const machineSchema = z
  .strictObject({
    boots: z
      .record(name, bootSchema)
      .optional()
      .describe(
        'The systems that it can be started as, by name, each with the command that selects it for the next start.',
      ),
    reboot: commandLine
      .default('systemctl reboot')
      .describe('Restarts it; run on the machine. systemctl reboot by default.'),
    reset: commandLine
      .optional()
      .describe(
        'Restarts it where it does not answer, such as ipmitool -H nv-bmc chassis power cycle; run here, by sh, where vgpubench runs.',
      ),
    ready: duration
      .default(300_000)
      .describe('How long it may take from a restart until it answers over ssh; 5m by default.'),
  })
  .describe('One physical computer, whichever of its targets is up.');

export type MachineSpec = z.output<typeof machineSchema>;
