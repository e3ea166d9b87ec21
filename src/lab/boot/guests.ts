/** Creates the guests through dom0's xl, as anyone on a Xen host would, and pauses those that answered. */
import { execa } from 'execa';
import { labProblem } from '../lab-problem.ts';
import { consoleLog, machineLog } from './box.ts';
import { type Booted, type BootSite, reportStep } from './boxes.ts';
import type { LabLayout } from './layout.ts';
import { waitForSsh } from './wait.ts';

const CREATE_DEADLINE_MS = 120_000;

async function onDom0(site: BootSite, command: string): Promise<void> {
  const args = ['-F', site.sshConfig, 'lab-dom0', command];
  const cancel = site.signal === undefined ? {} : { cancelSignal: site.signal };
  const options = {
    reject: false,
    stdin: 'ignore',
    all: true,
    timeout: CREATE_DEADLINE_MS,
    ...cancel,
  } as const;
  const { exitCode, all } = await execa('ssh', args, options);
  site.signal?.throwIfAborted();
  if (exitCode !== 0)
    throw labProblem('VGB-LAB-BOOT', {
      message: `dom0: \`${command}\` failed`,
      details: [all.slice(-800).trim()],
    });
}

/** One boots after the other, since a paused guest costs nothing; dom0 builds the next one meanwhile. */
export async function createGuests(site: BootSite, layout: LabLayout, xen: Booted): Promise<void> {
  let built: Promise<void> = Promise.resolve();
  const build = (name: string | undefined) => {
    built = name === undefined ? Promise.resolve() : onDom0(site, `xl create -q -p /etc/xen/${name}.cfg`);
    // Whoever waits for it hears of a failure, which may be later than it comes.
    built.catch(() => undefined);
  };
  build(layout.guests[0]);
  for (const [index, name] of layout.guests.entries())
    await reportStep(site, `boot lab-${name}`, async () => {
      await built;
      await onDom0(site, `xl unpause ${name}`);
      build(layout.guests[index + 1]);
      await waitForSsh({
        alias: `lab-${name}`,
        sshConfig: site.sshConfig,
        machine: xen.machine,
        consoleLog: consoleLog(site.paths, 'xen'),
        machineLog: machineLog(site.paths, 'xen'),
        deadlineMs: CREATE_DEADLINE_MS,
        signal: site.signal,
      });
      await onDom0(site, `xl pause ${name}`);
    });
}
