/** Creates the guests through dom0's xl, as anyone on a Xen host would, and pauses those that answered. */
import { execa } from 'execa';

import { type Booted, type BootSite, reportStep } from './boot.ts';
import { consoleLog } from './box.ts';
import { LabError } from './lab-error.ts';
import type { LabLayout } from './layout.ts';
import { waitForSsh } from './wait.ts';

const createDeadlineMs = 120_000;

async function onDom0(site: BootSite, command: string): Promise<void> {
  const args = ['-F', site.sshConfig, 'lab-dom0', command];
  const cancel = site.signal === undefined ? {} : { cancelSignal: site.signal };
  const options = {
    reject: false,
    stdin: 'ignore',
    all: true,
    timeout: createDeadlineMs,
    ...cancel,
  } as const;
  const { exitCode, all } = await execa('ssh', args, options);
  site.signal?.throwIfAborted();
  if (exitCode !== 0) throw new LabError('lab-boot', `On dom0, \`${command}\` failed: ${all.slice(-800)}`);
}

/** One after the other: a paused guest costs nothing while the next one boots. */
export async function createGuests(site: BootSite, layout: LabLayout, xen: Booted): Promise<void> {
  for (const name of layout.guests)
    await reportStep(site, `boot lab-${name}`, async () => {
      await onDom0(site, `xl create -q /etc/xen/${name}.cfg`);
      await waitForSsh({
        alias: `lab-${name}`,
        sshConfig: site.sshConfig,
        machine: xen.machine,
        consoleLog: consoleLog(site.paths, 'xen'),
        deadlineMs: createDeadlineMs,
        signal: site.signal,
      });
      await onDom0(site, `xl pause ${name}`);
    });
}
