/** Guests that are started with devices of their hosts, and without them when their mode is left. */
import { Problem } from '../problem.ts';
import type { HostDevice } from '../power/power.ts';
import { type Facts, told } from './facts.ts';
import { hostOf } from './host.ts';
import type { Change, Finding, Site } from './mode.ts';
import { powerAt, powerCycle, startWhereOff } from './powered.ts';

/**
 * Whether a guest already has its devices by its own configuration: it is then used as it is. @throws
 * LinkLost
 */
export async function hasAlready(site: Site, devices: readonly HostDevice[]): Promise<boolean> {
  const { lend } = powerAt(site);
  if (lend === undefined) return false;
  return (await hostOf(site).run(lend(devices).has)).exitCode === 0;
}

/** A fact, of the host: whether a guest has its devices; unknown where a command line of the user’s own starts it. */
export function hasFact(site: Site, devices: readonly HostDevice[]): string {
  const { lend } = powerAt(site);
  const answer = lend === undefined ? 'echo unknown' : `${lend(devices).has} && echo yes || echo no`;
  return `printf 'has\\t%s\\n' "$(${answer})"`;
}

/** Of the fact above. Where it is unknown, the mode’s other findings have to tell. */
export function hasFinding(site: Site, host: Facts): Finding {
  const has = told(host, 'has');
  return {
    target: hostOf(site).name,
    claim: `${site.domain} has it, according to its toolstack`,
    ok: has === 'yes' || has === 'unknown',
    evidence: has,
  };
}

/**
 * The changes that start a guest with devices: it is shut down first if it is on, because its firmware does
 * not see devices added while it runs. They are undone in reverse order: the guest is off before its devices
 * are returned, and is then started again if it was on.
 * @param provision makes the devices ready for a guest
 * @throws LinkLost
 */
export async function startLent(
  site: Site,
  devices: readonly HostDevice[],
  provision: readonly Change[],
): Promise<Change[]> {
  const host = hostOf(site);
  const power = powerAt(site);
  const lend = power.lend?.(devices);
  const { stdout } = await host.run(`${power.running} && echo on
${lend?.own ?? 'false'} && echo own
:`);
  const found = stdout.split('\n');
  const isOn = found.includes('on');
  const of = site.guest.name;
  const takeBack = lend === undefined || found.includes('own') ? ':' : lend.takeBack;
  return [
    ...(isOn
      ? [
          {
            target: host.name,
            script: power.shutdown,
            undo: { target: host.name, script: power.start },
            power: { of, action: 'stop' as const },
          },
        ]
      : []),
    ...provision,
    {
      target: host.name,
      script: lend?.start ?? power.start,
      undo: { target: host.name, script: `( ${power.shutdown}\n) && ( ${takeBack}\n)` },
      power: { of, action: 'start' },
    },
  ];
}

/**
 * The changes that give a guest devices while it runs; one that is off is started first. If it does not
 * release them in the end, it is shut down and started again, because it must not have them when they are
 * returned.
 * @throws Problem if its power can’t, LinkLost
 */
export async function attachLent(
  site: Site,
  devices: readonly HostDevice[],
  provision: readonly Change[],
): Promise<Change[]> {
  const { name } = hostOf(site);
  const power = powerAt(site);
  const { attach, detach } = power.lend?.(devices) ?? cannotAttach(site);
  const anew = `( ${power.shutdown}\n) && ( ${power.start}\n)`;
  return [
    ...(await startWhereOff(site)),
    ...provision,
    {
      target: name,
      script: attach,
      undo: { target: name, script: `( ${detach}\n) || { ${anew}; }` },
    },
  ];
}

function cannotAttach({ guest }: Site): never {
  throw new Problem({
    code: 'VGB-MODE-POWER',
    message: `${guest.name} can’t be given a device while it runs`,
    expected: 'a guest whose power is xl or virsh',
    found: 'a guest with its own command line',
    next: 'set plug: start in the mode, and name the device on that command line',
  });
}

/** For a guest that does not answer: it is ended, and started with its devices again. */
export function restartLent(site: Site, devices: readonly HostDevice[]): Change[] {
  const host = hostOf(site);
  const power = powerAt(site);
  const of = site.guest.name;
  return [
    { target: host.name, script: power.shutdown, undo: undefined, power: { of, action: 'stop' } },
    {
      target: host.name,
      script: power.lend?.(devices).start ?? power.start,
      undo: undefined,
      power: { of, action: 'start' },
    },
  ];
}

/** The same for one that got them while running: it is started without, and given them again. */
export function reattachLent(site: Site, devices: readonly HostDevice[]): Change[] {
  const lend = powerAt(site).lend?.(devices) ?? cannotAttach(site);
  return [...powerCycle(site), { target: hostOf(site).name, script: lend.attach, undo: undefined }];
}
