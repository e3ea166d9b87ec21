/** Has dom0 create the guests with xl, as on any Xen host; they are paused once they have booted. */
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { labProblem } from '../lab-problem.ts';
import type { BootSite } from './boxes.ts';
import { type Clocks, clockOf } from './clocks.ts';
import { type LabLayout, PCI_GUEST } from './layout.ts';

/** For each; under load, a guest takes half a minute. */
const BOOT_DEADLINE_MS = 240_000;

/** p1 is off until it is given a GPU and started. @returns the clocks of the others. */
export async function createGuests(site: BootSite, layout: LabLayout): Promise<Clocks> {
  const clocks: Clocks = {};
  const guests = layout.guests.filter((name) => name !== PCI_GUEST);
  if (guests.length === 0) return clocks;
  const began = performance.now();
  const child = execa('ssh', ['-F', site.sshConfig, 'lab-dom0', 'lab-guests', ...guests], {
    reject: false,
    stdin: 'ignore',
    all: true,
    timeout: BOOT_DEADLINE_MS * guests.length,
    ...(site.signal === undefined ? {} : { cancelSignal: site.signal }),
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const [name = '', ...clock] = line.split(' ');
    if (!guests.includes(name)) continue;
    clocks[`lab-${name}`] = clockOf(clock.join(' '));
    site.report(`boot lab-${name}`, performance.now() - began);
  }
  const { exitCode, all } = await child;
  site.signal?.throwIfAborted();
  const missing = guests.filter((name) => clocks[`lab-${name}`] === undefined);
  if (exitCode === 0 && missing.length === 0) return clocks;
  throw labProblem('VGB-LAB-BOOT', {
    message: `dom0 could not boot ${missing.join(', ')}`,
    details: [all.slice(-800).trim()],
  });
}
