/** Real SSH targets for tests, and a folder for what a test writes; both removed when the suite ends. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { type ServerSpec, type Servers, startServers } from '../../bench/loopback/sshd.ts';
import { Target } from '../../src/target/target.ts';

export interface TestTargets {
  readonly servers: Servers;
  /** A new folder of the suite's own. */
  readonly folder: string;
  /** The one target of that alias; it is closed at the end of the suite. */
  target(alias: string, shell?: string): Target;
  /** Where a target of the suite keeps its files, as long as it is in memory. */
  files(target: Target): string;
}

/** Starts servers before the suite that calls it, and stops them after it. */
export function testTargets(specs: readonly ServerSpec[]): TestTargets {
  let servers: Servers | undefined;
  let folder = '';
  const opened = new Map<string, Target>();
  const owner = { token: randomBytes(8).toString('hex'), who: 'a test' };
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'vgb-test-'));
    servers = await startServers(specs);
  });
  after(async () => {
    await Promise.all([...opened.values()].map((target) => leave(target)));
    await servers?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const started = (): Servers => {
    if (servers === undefined)
      throw new Error('the servers start before the suite’s tests, not while they are declared');
    return servers;
  };
  return {
    get servers() {
      return started();
    },
    get folder() {
      return folder;
    },
    target: (alias, shell) => {
      const known = opened.get(alias);
      if (known !== undefined) return known;
      const address = { ssh: alias, config: started().sshConfig };
      const target = new Target(alias, address, folder, shell, { owner, roomKib: 4096 });
      opened.set(alias, target);
      return target;
    },
    files: (target) => `/dev/shm/vgpubench-${owner.token}/${target.name}`,
  };
}

/** Removes its files like the run's end does, if they still exist. */
async function leave(target: Target): Promise<void> {
  if (target.hasFiles && target.unreachable === undefined) await target.leave().catch(() => undefined);
  await target.close();
}
