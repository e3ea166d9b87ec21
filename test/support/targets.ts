/** Real SSH targets for tests, and a folder for what a test writes; both gone when the suite ends. */
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
  /** A target that is closed at the end of the suite. */
  target(alias: string, shell?: string): Target;
}

/** Starts servers before the suite that calls it, and stops them after it. */
export function testTargets(specs: readonly ServerSpec[]): TestTargets {
  let servers: Servers | undefined;
  let folder = '';
  const opened: Target[] = [];
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'vgb-test-'));
    servers = await startServers(specs);
  });
  after(async () => {
    await Promise.all(opened.map((target) => target.close()));
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
      const target = new Target(alias, { ssh: alias, config: started().sshConfig }, folder, shell);
      opened.push(target);
      return target;
    },
  };
}
