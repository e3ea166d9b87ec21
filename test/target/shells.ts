/** Trials on targets whose logins have one of the shells that there are. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { TrialStream } from '../../src/target/stream.ts';
import type { Target } from '../../src/target/target.ts';
import { type TestTargets, testTargets } from '../support/targets.ts';

/** Debian puts busybox in /bin or /usr/bin, by release. */
const BUSYBOX = existsSync('/usr/bin/busybox') ? '/usr/bin/busybox' : '/bin/busybox';
export const SHELLS = { dash: '/bin/dash', busybox: BUSYBOX, bash: '/bin/bash' };

/** What a trial is opened with besides its directory and its command. */
export const limits = {
  environment: {},
  outputBytes: 100_000,
  fileBytes: 10_000_000,
  giveUpMs: 60_000,
  begun: false,
};
/** A directory of a trial that there was not yet. */
export const fresh = () => `vgb-test-${randomBytes(8).toString('hex')}`;

/** A target for each shell, by its name. */
export const shellTargets = (): TestTargets =>
  testTargets(Object.entries(SHELLS).map(([alias, sh]) => ({ alias, sh })));

/** Opens a stream for `command`, gives it to `use`, and ends the trial. */
export async function withStream<T>(
  target: Target,
  command: string,
  use: (trial: TrialStream, directory: string) => Promise<T>,
  more: object = {},
): Promise<T> {
  const directory = fresh();
  const stream = await target.openTrial({ ...limits, directory, command, ...more });
  try {
    return await use(stream, directory);
  } finally {
    stream.close();
    await target.endTrial(directory, 0);
  }
}
