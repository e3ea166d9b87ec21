/**
 * Real OpenSSH servers on loopback, for the tests, the harness's own benchmarks and `npm run loopback`: each on a port
 * of its own, with host and user keys made for the occasion, as the current user, and gone with this process.
 */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';

export interface ServerSpec {
  /** The alias in the generated ssh_config. */
  alias: string;
  /** The program that `sh` is to be for logins here, e.g. `/bin/dash` or `/usr/bin/busybox`. */
  sh?: string;
  /** More lines for sshd_config. */
  config?: string[];
  /** Who logs in; the current user by default. Its login directory is its own. */
  user?: string;
  /** What a login's environment has besides. */
  env?: Readonly<Record<string, string>>;
  /** More lines for the client's ssh_config. */
  client?: readonly string[];
  /** A command line that sshd is started by. */
  within?: readonly string[];
}

export interface Servers {
  /** Path of an ssh_config that knows every alias; the only thing a client needs. */
  sshConfig: string;
  directory: string;
  port(alias: string): number;
  /** Process ID of the listening sshd. */
  pid(alias: string): number;
  stop(): Promise<void>;
}

const SSHD = '/usr/sbin/sshd';
/** Ends the server when our end of its stdin closes, so that it goes also when we are killed. */
const KEEPER = '"$@" & p=$!; echo $p; read -r _; kill $p; wait $p; rm -rf "$0"';

/** @param where an existing or new directory for its files; removed at the end. A temporary one by default. */
export async function startServers(specs: readonly ServerSpec[], where?: string): Promise<Servers> {
  if (!existsSync(SSHD)) throw new Error(`no ${SSHD}: apt-get install openssh-server`);
  const directory = where ?? mkdtempSync(join(tmpdir(), 'vgb-sshd-'));
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  // Who logs in as another user is let in by a key that this user can read.
  if (specs.some(({ user }) => user !== undefined)) chmodSync(directory, 0o711);
  await makeKey(join(directory, 'user'));
  await makeKey(join(directory, 'host'));
  const running: Running[] = [];
  const stop = async () => {
    await Promise.all(running.map((server) => server.end()));
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    for (const spec of specs) running.push(await startServer(directory, spec));
  } catch (error) {
    await stop();
    throw error;
  }
  const find = (alias: string) => {
    const server = running.find((candidate) => candidate.alias === alias);
    if (server === undefined) throw new Error(`no server ${alias}`);
    return server;
  };
  const sshConfig = join(directory, 'ssh_config');
  writeFileSync(
    sshConfig,
    running.map(({ alias, port }, index) => clientConfig(directory, alias, port, specs[index])).join('\n'),
  );
  await writeKnownHosts(directory, running);
  return { sshConfig, directory, port: (alias) => find(alias).port, pid: (alias) => find(alias).pid, stop };
}

async function makeKey(path: string): Promise<void> {
  await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path]);
}

interface Running {
  alias: string;
  port: number;
  pid: number;
  end: () => Promise<void>;
}

async function startServer(directory: string, spec: ServerSpec): Promise<Running> {
  const port = await freePort();
  const file = join(directory, `${spec.alias}.sshd_config`);
  writeFileSync(file, serverConfig(directory, spec, port).join('\n') + '\n');
  const keeper = execa(
    'sh',
    ['-c', KEEPER, directory, ...(spec.within ?? []), SSHD, '-D', '-e', '-f', file],
    {
      stdin: 'pipe',
      stdout: 'pipe',
      stderr: 'pipe',
      buffer: { stderr: true, stdout: false },
      reject: false,
      detached: true,
      cleanup: false,
    },
  );
  const end = async () => {
    keeper.stdin.end();
    await keeper;
  };
  const pid = await new Promise<number>((resolve) => {
    keeper.stdout.once('data', (chunk: Buffer) => {
      resolve(Number(chunk.toString()));
    });
  });
  for (let tries = 0; tries < 100; tries++) {
    if (await answers(port)) return { alias: spec.alias, port, pid, end };
    await sleep(50);
  }
  keeper.stdin.end();
  throw new Error(`sshd on port ${port} does not answer: ${(await keeper).stderr}`);
}

function serverConfig(directory: string, spec: ServerSpec, port: number): string[] {
  return [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${join(directory, 'host')}`,
    `AuthorizedKeysFile ${join(directory, 'user.pub')}`,
    'PidFile none',
    'UsePAM no',
    'StrictModes no',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'PermitRootLogin prohibit-password',
    'PrintMotd no',
    'LogLevel ERROR',
    `SetEnv ${environment(directory, spec)}`,
    ...(spec.config ?? []),
  ];
}

/** A home of its own: nothing is read from the user's, nor written there. */
function environment(directory: string, { alias, sh, user, env = {} }: ServerSpec): string {
  const home = join(directory, `${alias}.home`);
  mkdirSync(home);
  const path =
    sh === undefined
      ? []
      : [`PATH=${shDirectory(directory, alias, sh)}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin`];
  // Each login directory with a lock of its own, as on a machine of its own.
  const run = join(directory, `${alias}.run`);
  mkdirSync(run, { mode: 0o700 });
  const more = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  if (user !== undefined) return ['VGPUBENCH_TEST=yes', ...more, ...path].join(' ');
  return [`HOME=${home}`, `XDG_RUNTIME_DIR=${run}`, ...more, ...path].join(' ');
}

/** A folder in which `sh` is the given program. */
function shDirectory(directory: string, alias: string, program: string): string {
  const folder = join(directory, `${alias}.bin`);
  mkdirSync(folder);
  symlinkSync(program, join(folder, 'sh'));
  return folder;
}

function clientConfig(
  directory: string,
  alias: string,
  port: number,
  { user = userInfo().username, client = [] }: Partial<ServerSpec> = {},
): string {
  return `Host ${alias}
  HostName 127.0.0.1
  Port ${port}
  User ${user}
  IdentityFile ${join(directory, 'user')}
  IdentitiesOnly yes
  UserKnownHostsFile ${join(directory, 'known_hosts')}
  GlobalKnownHostsFile none
${client.map((line) => `  ${line}\n`).join('')}`;
}

async function writeKnownHosts(directory: string, servers: readonly { port: number }[]): Promise<void> {
  const { stdout: key } = await execa('ssh-keygen', ['-y', '-f', join(directory, 'host')]);
  writeFileSync(
    join(directory, 'known_hosts'),
    servers.map(({ port }) => `[127.0.0.1]:${port} ${key}\n`).join(''),
  );
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('data', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });
}
