/** A real Slurm on this machine: a controller and nodes, on loopback, removed with the suite. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';

export interface Cluster {
  /** Of whoever is to meet it. */
  env: Record<string, string>;
  /** Ends a node as if its power had failed: its slurmd, and everything it started. */
  killNode: (name: string) => void;
  stop: () => Promise<void>;
}

/** How long after a node has fallen silent its jobs count as lost, in s. */
const SILENT_S = 10;

/** @param directory a new one, with a short path: it has sockets in it */
export async function startCluster(directory: string, nodes: readonly string[]): Promise<Cluster> {
  mkdirSync(directory, { recursive: true, mode: 0o755 });
  const at = (...names: string[]) => join(directory, ...names);
  const ports = await freePorts(nodes.length + 1);
  writeFileSync(at('munge.key'), Buffer.alloc(128, 7), { mode: 0o600 });
  writeFileSync(at('slurm.conf'), configuration(directory, nodes, ports));
  mkdirSync(at('state'));
  const running: ChildProcess[] = [];
  const start = (program: string, args: string[]) => {
    const log = openSync(at(`${running.length}.log`), 'w');
    const child = spawn(program, args, {
      stdio: ['ignore', log, log],
      env: { ...process.env, SLURM_CONF: at('slurm.conf') },
    });
    closeSync(log);
    running.push(child);
    return child;
  };
  start('/usr/sbin/munged', [
    ...['--foreground', '--force', `--key-file=${at('munge.key')}`, `--socket=${at('munge')}`],
    ...[
      `--pid-file=${at('munged.pid')}`,
      `--log-file=${at('munged.log')}`,
      `--seed-file=${at('munge.seed')}`,
    ],
  ]);
  start('/usr/sbin/slurmctld', ['-D', '-f', at('slurm.conf')]);
  const daemons = new Map(
    nodes.map((name) => [name, start('/usr/sbin/slurmd', ['-D', '-f', at('slurm.conf'), '-N', name])]),
  );
  const env = { SLURM_CONF: at('slurm.conf') };
  const end = async () => {
    // What a job started carries the path of this cluster in its environment, and nothing else does.
    for (const pid of processesOf(directory)) kill(pid);
    // In order: a controller that is killed orphans a process of its own.
    await Promise.all(running.toReversed().map(endInOrder));
    rmSync(directory, { recursive: true, force: true });
  };
  let ended: Promise<void> | undefined;
  const stop = () => (ended ??= end());
  try {
    await untilUp(env, nodes.length);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    env,
    stop,
    killNode: (name) => {
      daemons.get(name)?.kill('SIGKILL');
      for (const pid of processesOf(directory, name)) kill(pid);
    },
  };
}

function configuration(directory: string, nodes: readonly string[], ports: readonly number[]): string {
  const [controller, ...others] = ports;
  const lines = nodes.map(
    (name, at) =>
      `NodeName=${name} NodeAddr=127.0.0.1 NodeHostname=${hostname()} Port=${others[at] ?? 0} CPUs=1`,
  );
  return `ClusterName=test
SlurmctldHost=${hostname()}(127.0.0.1)
SlurmctldPort=${controller ?? 0}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=${directory}/munge
CredType=cred/munge
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SelectType=select/linear
MpiDefault=none
SlurmdTimeout=${SILENT_S}
ReturnToService=2
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
StateSaveLocation=${directory}/state
SlurmdSpoolDir=${directory}/%n
SlurmctldPidFile=${directory}/ctld.pid
SlurmdPidFile=${directory}/d-%n.pid
${lines.join('\n')}
PartitionName=all Nodes=${nodes.join(',')} Default=YES State=UP
`;
}

async function untilUp(env: Record<string, string>, nodes: number): Promise<void> {
  let said = '';
  for (let tries = 0; tries < 120; tries++) {
    const { stdout, stderr } = await execa('sinfo', ['-h', '-N', '-o', '%T'], {
      reject: false,
      env,
      timeout: 20_000,
    });
    said = stdout || stderr;
    if (stdout.split('\n').filter((state) => state === 'idle').length === nodes) return;
    await sleep(500);
  }
  throw new Error(`the cluster did not come up: ${said}`);
}

/**
 * Processes that jobs of this cluster started, on one node or on all: found by its configuration in their
 * environment, which no other process has; also the daemons of their steps, which are their parents.
 */
function processesOf(directory: string, node?: string): number[] {
  const marks = [
    `SLURM_CONF=${directory}/slurm.conf`,
    ...(node === undefined ? [] : [`SLURMD_NODENAME=${node}`]),
  ];
  const own = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map(Number)
    .filter((pid) => {
      const told = textOf(pid, 'environ').split('\0');
      return marks.every((mark) => told.includes(mark));
    });
  const parents = own
    .map((pid) => Number(/^PPid:\s*(\d+)$/m.exec(textOf(pid, 'status'))?.[1] ?? 0))
    .filter((pid) => textOf(pid, 'comm').startsWith('slurmstepd'));
  return [...new Set([...parents, ...own])];
}

/** Empty if the process has ended. */
function textOf(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

/** The number of processes of a cluster, including its daemons. */
export function processesLeft(directory: string): number {
  return readdirSync('/proc').filter(
    (name) =>
      /^\d+$/.test(name) &&
      Number(name) !== process.pid &&
      `${textOf(Number(name), 'environ')} ${textOf(Number(name), 'cmdline')}`.includes(directory),
  ).length;
}

async function endInOrder(child: ChildProcess): Promise<void> {
  if (!isAlive(child)) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await exited;
  clearTimeout(late);
}

/** If it has ended, its ID may be another’s by now. */
function isAlive({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}

function kill(pid: number): void {
  try {
    if (pid > 1) process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

/** All open at once, so that no two are the same. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve) => {
          const server = createServer().listen(0, '127.0.0.1', () => {
            resolve(server);
          });
        }),
    ),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
