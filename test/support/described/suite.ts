/** A described host for a suite of tests; gone when the suite ends. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { after, before, it } from 'node:test';
import type { DescribedHost } from './host.ts';
import { KvmHost } from './kvm-host.ts';
import { XenHost } from './xen-host.ts';

export interface Described<Host extends DescribedHost = DescribedHost> {
  readonly host: Host;
  /** A new folder of the suite's own. */
  readonly folder: string;
  /** Its ssh_config. */
  readonly sshConfig: string;
  /**
   * The targets of an experiment there: the host, by this name, and the guests, which it powers.
   * @param machine Its name among `machines`: then there is also a target without Xen, `bare` for `dom0`.
   */
  targets: (dom0?: string, machine?: string) => string;
  /** Runs a command line, as root on one of its machines, which may reboot because of it. */
  run: (name: string, command: string) => Promise<void>;
  /** Whether a login succeeds; ssh's own status is 255, whether refused or cut off. */
  answers: (name: string) => Promise<boolean>;
  /** Waits until those of its machines that are on answer. */
  ready: () => Promise<void>;
}

export type DescribedXen = Described<XenHost>;
export type DescribedKvm = Described<KvmHost>;

/** @param plug puts its parts in, before it is booted */
export const describedXen = (guests: readonly string[], plug: (host: XenHost) => void): DescribedXen =>
  described(() => new XenHost(guests), plug);

export const describedKvm = (guests: readonly string[], plug: (host: KvmHost) => void): DescribedKvm =>
  described(() => new KvmHost(guests), plug);

/** A part that a host was given as it was made. @throws Error before the first test, when there is no host yet */
export function plugged<Part>(part: Part | undefined): Part {
  if (part === undefined) throw new Error('it is plugged in before the first test');
  return part;
}

/** What a suite has tests of: every way to fail, of which there are many, or else one of each kind. */
export const chosen = (all: boolean) => ({
  whenAll: all ? it : () => undefined,
  some: <T>(ways: readonly T[]): readonly T[] => (all ? ways : ways.slice(-1)),
});

function described<Host extends DescribedHost>(
  make: () => Host,
  plug: (host: Host) => void,
): Described<Host> {
  let host: Host | undefined;
  let folder = '';
  let sshConfig = '';
  const made = (): Host => {
    if (host === undefined)
      throw new Error('the host is made before the suite’s tests, not while they are declared');
    return host;
  };
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'vgb-test-'));
    host = make();
    plug(host);
    ({ sshConfig } = await host.start());
  });
  after(async () => {
    await host?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const run = (name: string, command: string) =>
    execa('ssh', ['-F', sshConfig, name, command], { reject: false, stdin: 'ignore' });
  const answers = async (name: string) => (await run(name, 'true')).exitCode === 0;
  return {
    run: async (name, command) => {
      await run(name, command);
    },
    answers,
    ready: async () => {
      for (const name of [made().machine.name, ...made().domains.keys()]) {
        let tries = 0;
        while (!(await answers(name))) if (++tries > 200) throw new Error(`${name} does not answer`);
      }
    },
    get host() {
      return made();
    },
    get folder() {
      return folder;
    },
    get sshConfig() {
      return sshConfig;
    },
    targets: (name, machine) => {
      const own = made().machine.name;
      const on = name ?? own;
      return [
        ...(machine === undefined
          ? [`  ${on}: { ssh: ${own}, config: ${sshConfig} }`]
          : [
              `  ${on.replace('dom0', 'bare')}: { ssh: ${own}, config: ${sshConfig}, machine: ${machine}, boot: bare }`,
              `  ${on}: { ssh: ${own}, config: ${sshConfig}, machine: ${machine}, boot: xen }`,
            ]),
        ...made().guests.map(
          (guest) =>
            `  ${guest.name}: { ssh: ${guest.name}, config: ${sshConfig}, host: ${on}, power: ${made().powerOf(guest.name)} }`,
        ),
      ].join('\n');
    },
  };
}
