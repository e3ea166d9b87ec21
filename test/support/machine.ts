/**
 * A separate machine for a test, as far as its users can see: a real sshd in a mount namespace with its own
 * users, home directories and temporary file systems. It needs root.
 */
import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { ServerSpec } from '../../bench/loopback/sshd.ts';

export interface User {
  name: string;
  uid: number;
  /** Its login shell; default /bin/sh. */
  shell?: string;
  /** Its login directory; its own one by default. */
  home?: string;
}

/** A new folder for machines and their servers: not in /tmp, which is each machine's own. */
export const machinesFolder = (): string => {
  if (process.getuid?.() !== 0)
    throw new Error('this test needs root: it has users and mounts of its own, in a namespace');
  const folder = mkdtempSync(`/run/vgb-test-${process.pid}-`);
  chmodSync(folder, 0o711);
  return folder;
};

/**
 * How to start sshd so that it is on its own machine: /etc/passwd also has these users, and /dev/shm, /tmp
 * and /var/tmp are its own and empty.
 * @param folder a new folder of the machine's own.
 * @param more shell text that follows, in the namespace.
 */
export function machineOf(
  folder: string,
  users: readonly User[],
  more = '',
): Required<Pick<ServerSpec, 'within'>> {
  mkdirSync(folder, { mode: 0o755 });
  const passwd = join(folder, 'passwd');
  const homes = users.map((user) => ({ ...user, home: user.home ?? join(folder, user.name) }));
  copyFileSync('/etc/passwd', passwd);
  const lines = homes.map(
    ({ name, uid, shell, home }) => `${name}:x:${uid}:${uid}::${home}:${shell ?? '/bin/sh'}`,
  );
  writeFileSync(passwd, `${readFileSync('/etc/passwd', 'utf8').trimEnd()}\n${lines.join('\n')}\n`);
  for (const { uid, home } of homes.filter((user) => user.home.startsWith(folder))) {
    mkdirSync(home, { mode: 0o755 });
    chownSync(home, uid, uid);
  }
  const text = `set -e
mount --bind ${passwd} /etc/passwd
for d in /dev/shm /tmp /var/tmp; do mount -t tmpfs -o mode=1777 private $d; done
${more}
exec "$@"`;
  return { within: ['unshare', '--mount', '--propagation', 'private', 'sh', '-c', text, 'sh'] };
}
