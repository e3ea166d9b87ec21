/** A box: one QEMU machine with a GPU process on its PCI bus and SSH ports forwarded from 127.0.0.1. */
import { createHash } from 'node:crypto';
import { access, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning, type ProcessId } from '../../process/process-id.ts';
import { labProblem } from '../lab-problem.ts';
import type { LabPaths } from '../paths.ts';
import type { Accelerator } from './accelerator.ts';
import { startProcess } from './processes.ts';

export interface Forward {
  port: number;
  /** Address inside the box's network. */
  address: string;
}

export interface BoxOptions {
  name: 'bare' | 'xen';
  accelerator: Accelerator;
  memoryMb: number;
  /** `-kernel`, `-initrd` and `-append`. */
  boot: string[];
  forwards: Forward[];
}

export interface BoxProcess extends ProcessId {
  name: string;
}

/** Not in the run folder: a socket's path has room for 107 bytes. The GPU removes it once the box has come. */
export function gpuSocket(paths: LabPaths, name: string): string {
  const lab = createHash('sha256').update(paths.run).digest('hex').slice(0, 12);
  return join(tmpdir(), `vgpubench-${lab}-${name}.sock`);
}

export function consoleLog(paths: LabPaths, name: string): string {
  return join(paths.run, `${name}-console.log`);
}

export function machineLog(paths: LabPaths, name: string): string {
  return logOf(paths, `${name}-qemu`);
}

function logOf(paths: LabPaths, process: string): string {
  return join(paths.run, `${process}.log`);
}

const SOCKET_DEADLINE_MS = 5000;

async function waitForSocket(path: string, gpu: ProcessId, log: string): Promise<void> {
  const deadline = performance.now() + SOCKET_DEADLINE_MS;
  while (performance.now() < deadline) {
    try {
      await access(path);
      return;
    } catch {
      if (!isRunning(gpu)) break;
      await sleep(10);
    }
  }
  throw labProblem('VGB-LAB-BOOT', {
    message: 'the GPU process made no socket',
    expected: `${path} within ${SOCKET_DEADLINE_MS / 1000} s`,
    found: `none; what the process said is in ${log}`,
  });
}

function qemuArguments(options: BoxOptions, paths: LabPaths): string[] {
  // Both boxes have the CPU that Xen and its PVH guests can live with (SVM with nested paging).
  const cpu = options.accelerator === 'kvm' ? 'host' : 'qemu64,+svm,+npt';
  const accel = options.accelerator === 'kvm' ? 'kvm' : 'tcg,thread=multi';
  const forwards = options.forwards.map(
    ({ port, address }) => `,hostfwd=tcp:127.0.0.1:${port}-${address}:22`,
  );
  return [
    ['-M', 'q35', '-accel', accel, '-cpu', cpu, '-smp', '2', '-m', String(options.memoryMb)],
    ['-nodefaults', '-display', 'none', '-no-reboot', '-serial', `file:${consoleLog(paths, options.name)}`],
    // restrict: the box reaches nothing outside, only what is forwarded reaches it.
    ['-netdev', `user,id=net,restrict=on${forwards.join('')}`, '-device', 'e1000,netdev=net'],
    ['-chardev', `socket,id=gpu,path=${gpuSocket(paths, options.name)}`],
    ['-device', 'ivshmem-doorbell,chardev=gpu,vectors=2'],
    options.boot,
  ].flat();
}

/** Starts GPU and machine; `started` writes each down before it runs, so that a crash can't orphan it. */
export async function startBox(
  options: BoxOptions,
  paths: LabPaths,
  native: string,
  started: (process: BoxProcess) => Promise<void>,
): Promise<BoxProcess> {
  const { name } = options;
  const start = async (process: string, command: string, args: string[]): Promise<BoxProcess> => {
    const named = (id: ProcessId): BoxProcess => ({ ...id, name: process });
    return named(await startProcess(command, args, logOf(paths, process), (id) => started(named(id))));
  };
  const socket = gpuSocket(paths, name);
  await rm(socket, { force: true });
  const gpu = await start(`${name}-gpu`, join(native, 'vgpu'), [socket]);
  await waitForSocket(socket, gpu, logOf(paths, gpu.name));
  return start(`${name}-qemu`, 'qemu-system-x86_64', qemuArguments(options, paths));
}
