import { execa } from 'execa';
import { labDown } from '../lab/life/down.ts';
import { guardLab } from '../lab/life/guard.ts';
import { labPaths } from '../lab/paths.ts';
import { type LabStatus, labStatus } from '../lab/life/status.ts';
import type { Report } from '../lab/step.ts';
import { type Lab, labUp } from '../lab/life/up.ts';
import { pause, wake } from '../lab/life/pause.ts';
import { isInUse, useLab } from '../lab/life/use.ts';
import { Problem } from '../problem.ts';
import { type Interrupt, interruptible } from './interrupt.ts';
import { columns, print, printJson, span, tell } from './output.ts';

/** `vgpubench lab up` */
export async function up(options: { guests?: number | undefined; json: boolean }): Promise<number> {
  const lab = await guarded(() => bringUp({ guests: options.guests }));
  if (lab === 'interrupted') return 130;
  if (options.json) printJson(lab);
  else
    print(
      `${lab.aliases.join(', ')} are up (Xen under QEMU, ${acceleratorName(lab.accelerator)}). Next:\n` +
        `  vgpubench lab ssh ${lab.aliases[0] ?? ''}\n  vgpubench lab run FILE\n  vgpubench lab down`,
    );
  return 0;
}

/** `vgpubench lab down` */
export async function down(): Promise<number> {
  const { state } = await labStatus();
  await labDown(progress);
  tell(state === 'down' ? 'the lab is not up' : 'lab is down');
  return 0;
}

/** `vgpubench lab status` */
export async function status(options: { json: boolean }): Promise<number> {
  const found = await labStatus();
  if (options.json) printJson(found);
  else print(statusText(found));
  return found.state === 'broken' ? 4 : 0;
}

/** `vgpubench lab ssh NAME [COMMAND...]`; a guest that is paused runs for as long as we are in it. */
export async function ssh(name: string, command: readonly string[]): Promise<number> {
  const found = await labStatus();
  const config = found.sshConfig ?? '';
  const hosts = found.hosts.map(({ alias }) => alias);
  const alias = hosts.find((host) => host === name || host === `lab-${name}`);
  if (alias === undefined)
    throw new Problem({
      code: 'VGB-LAB-SSH',
      message: 'no such machine in the lab',
      expected: hosts.length === 0 ? 'a lab that is up' : `one of ${hosts.join(', ')}`,
      found: name,
      next: hosts.length === 0 ? 'vgpubench lab up' : undefined,
    });
  const domain = alias.replace(/^lab-/, '');
  const woken = found.guests.includes(domain) && (await wakeUnused(config, domain));
  if (woken) tell(`${domain} was paused: it runs while you are in it`);
  // Ctrl-C is for the shell at the other end.
  const ignore = (): void => undefined;
  process.on('SIGINT', ignore);
  const { exitCode } = await execa('ssh', ['-F', config, alias, ...command], {
    stdio: 'inherit',
    reject: false,
  });
  process.off('SIGINT', ignore);
  if (woken) await pause(config, domain);
  return exitCode ?? 255;
}

/** A guest that wakes beside those under test would be in their figures. */
async function wakeUnused(config: string, domain: string): Promise<boolean> {
  if (!isInUse(labPaths())) return wake(config, domain);
  tell('an experiment runs in the lab: a guest that it has paused stays so, and does not answer meanwhile');
  return false;
}

export interface WantedLab {
  /** At least so many; by default what is up, or five. */
  guests?: number | undefined;
  bare?: boolean;
}

/** What is brought up meanwhile is taken down again also where this process is killed. */
export async function guarded<T>(work: () => Promise<T>): Promise<T> {
  const guard = guardLab(labPaths());
  try {
    return await work();
  } finally {
    await guard.release();
  }
}

/** Has the lab for this process as long as `work` takes. @throws Problem where another process has it. */
export async function withLab<T>(work: () => Promise<T>): Promise<T> {
  const release = useLab(labPaths());
  try {
    return await work();
  } finally {
    release();
  }
}

/**
 * Brings up a lab that has at least what is wanted; Ctrl-C takes down what was brought up so far.
 * @param outer Whose signals to heed, where the caller has some to come.
 */
export async function bringUp(wanted: WantedLab, outer?: Interrupt): Promise<Lab | 'interrupted'> {
  const interrupt = outer ?? interruptible(takingDown, stillTakingDown);
  try {
    const { guests, bare = true } = wanted;
    return await labUp(progress, {
      ...(guests === undefined ? {} : { guests }),
      bare,
      signal: interrupt.signal,
    });
  } catch (error) {
    if (interrupt.signal.aborted) return 'interrupted';
    throw error;
  } finally {
    if (outer === undefined) interrupt.done();
  }
}

function takingDown(): string {
  return 'taking down what is up so far';
}

function stillTakingDown(): void {
  tell('it is being taken down');
}

/** One line a step, with its time. */
export const progress: Report = (step, ms) => {
  tell(`  ${step.padEnd(32)} ${ms === 0 ? '' : span(ms)}`.trimEnd());
};

export function acceleratorName(accelerator: 'kvm' | 'tcg'): string {
  return accelerator === 'kvm' ? 'KVM' : 'TCG: no KVM here that runs guests';
}

function statusText({ state, accelerator, sshConfig, hosts, processes }: LabStatus): string {
  if (state === 'down') return 'the lab is down; vgpubench lab up boots it';
  if (state === 'starting') return 'the lab is being brought up';
  const rows = [
    ...hosts.map(({ alias, port }) => [alias, `ssh on 127.0.0.1:${port}`]),
    ...processes.map(({ name, pid, running }) => [
      name,
      running ? `process ${pid}` : `process ${pid} has ended`,
    ]),
  ];
  const [first] = hosts;
  const config = sshConfig === null || first === undefined ? '' : `\nssh -F ${sshConfig} ${first.alias}`;
  const next = state === 'broken' ? '\nnext: vgpubench lab down, then vgpubench lab up' : '';
  return `the lab is ${state}${accelerator === null ? '' : ` (${acceleratorName(accelerator)})`}\n${columns(rows)}${config}${next}`;
}
