/** A described Xen host for a suite of tests; gone when the suite ends. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { XenHost } from './xen-host.ts';

export interface DescribedXen {
  readonly host: XenHost;
  /** A new folder of the suite's own. */
  readonly folder: string;
  /** Its ssh_config. */
  readonly sshConfig: string;
  /**
   * The targets of an experiment there: dom0, by this name, and the guests, which it powers.
   * @param machine Its name among `machines`: then it is also a target without Xen, `bare` for `dom0`.
   */
  targets: (dom0?: string, machine?: string) => string;
}

/** @param plug puts its parts in, before it is booted */
export function describedXen(guests: readonly string[], plug: (host: XenHost) => void): DescribedXen {
  let host: XenHost | undefined;
  let folder = '';
  let sshConfig = '';
  const made = (): XenHost => {
    if (host === undefined)
      throw new Error('the host is made before the suite’s tests, not while they are declared');
    return host;
  };
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'vgb-test-'));
    host = new XenHost(guests);
    plug(host);
    ({ sshConfig } = await host.start());
  });
  after(async () => {
    await host?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    get host() {
      return made();
    },
    get folder() {
      return folder;
    },
    get sshConfig() {
      return sshConfig;
    },
    targets: (dom0 = 'dom0', machine?: string) =>
      [
        ...(machine === undefined
          ? [`  ${dom0}: { ssh: dom0, config: ${sshConfig} }`]
          : [
              `  ${dom0.replace('dom0', 'bare')}: { ssh: dom0, config: ${sshConfig}, machine: ${machine}, boot: bare }`,
              `  ${dom0}: { ssh: dom0, config: ${sshConfig}, machine: ${machine}, boot: xen }`,
            ]),
        ...guests.map(
          (name) =>
            `  ${name}: { ssh: ${name}, config: ${sshConfig}, host: ${dom0}, power: { use: xl, config: /etc/xen/${name}.cfg, ready: 5s, console: ${made().consoleOf(name)} } }`,
        ),
      ].join('\n'),
  };
}
