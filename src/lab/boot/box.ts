/** A box: one QEMU machine with a GPU process on its PCI bus and SSH ports forwarded from 127.0.0.1. */
import { access, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning, type ProcessId } from '../../process/process-id.ts';
import { labProblem } from '../lab-problem.ts';
import type { Emulator } from '../make/emulator.ts';
import type { LabPaths } from '../paths.ts';
import type { Accelerator } from './accelerator.ts';
import { startProcess } from './processes.ts';
import { unpackingFrom } from './saved-box.ts';
import { type BoxSockets, boxSockets } from './sockets.ts';

export interface Forward {
  port: number;
  /** Address in the box's network. */
  address: string;
}

export interface BoxOptions {
  name: 'bare' | 'xen';
  accelerator: Accelerator;
  emulator: Emulator;
  cpus: number;
  /**
   * Whether it has an IOMMU, of AMD's kind: without one, Xen passes no PCI device through. QEMU can't save a
   * machine that has one.
   */
  iommu: boolean;
  memoryMb: number;
  /** `-kernel`, `-initrd` and `-append`. */
  boot: string[];
  forwards: Forward[];
}

export interface BoxProcess extends ProcessId {
  name: string;
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

async function waitForSocket(path: string, maker: BoxProcess, log: string): Promise<void> {
  const deadline = performance.now() + SOCKET_DEADLINE_MS;
  while (performance.now() < deadline) {
    try {
      await access(path);
      return;
    } catch {
      if (!isRunning(maker)) break;
      await sleep(10);
    }
  }
  throw labProblem('VGB-LAB-BOOT', {
    message: `${maker.name} created no socket`,
    expected: `${path} within ${SOCKET_DEADLINE_MS / 1000} s`,
    found: `none; for the output of the process, see ${log}`,
  });
}

/** The parts of a machine that differ from start to start. */
interface Places extends BoxSockets {
  console: string;
  ports: number[];
  /** Files of the memory that it shares with its GPU: its own, and the IOMMU's. */
  ram: string;
  iommu: string;
}

/** The descriptors that these are for the GPU, as in gpu.h. */
export const SHARED_MEMORY = { ram: 100, iommu: 101 } as const;

/** For the IOMMU, in KiB: a bit per frame of 4 GiB. */
export const IOMMU_KIB = 128;

function machineArguments(options: BoxOptions, places: Places): string[] {
  // Both boxes have a CPU that Xen and its PVH guests can use (SVM with nested paging).
  const cpu = options.accelerator === 'kvm' ? 'host' : 'qemu64,+svm,+npt';
  const accel = options.accelerator === 'kvm' ? 'kvm' : 'tcg,thread=multi';
  const forwards = options.forwards.map(
    ({ address }, index) => `,hostfwd=tcp:127.0.0.1:${places.ports[index] ?? 0}-${address}:22`,
  );
  return [
    [
      '-M',
      'q35,memory-backend=ram',
      '-accel',
      accel,
      '-cpu',
      cpu,
      '-smp',
      String(options.cpus),
      '-m',
      String(options.memoryMb),
    ],
    // Comes first among everything it translates for.
    options.iommu ? ['-device', 'amd-iommu'] : [],
    // Gives its GPU access to its memory, as far as an IOMMU allows it: a device that guests can't see.
    ['-object', `memory-backend-file,id=ram,size=${options.memoryMb}M,mem-path=${places.ram},share=on`],
    ['-object', `memory-backend-file,id=iommu,size=${IOMMU_KIB}K,mem-path=${places.iommu},share=on`],
    ['-nodefaults', '-display', 'none', '-no-reboot'],
    ['-serial', `file:${places.console}`, '-serial', `unix:${places.line},server=on,wait=off`],
    ['-qmp', `unix:${places.monitor},server=on,wait=off`],
    // restrict: the box can't connect to the outside; only forwarded ports reach it.
    ['-netdev', `user,id=net,restrict=on${forwards.join('')}`, '-device', 'e1000,netdev=net'],
    ['-chardev', `socket,id=gpu,path=${places.gpu}`],
    // master: a saved machine includes the GPU's memory.
    ['-device', 'ivshmem-doorbell,chardev=gpu,vectors=2,master=on'],
    ['-device', 'ivshmem-plain,memdev=iommu,master=on'],
    options.boot,
  ].flat();
}

/** The parts of a machine that never vary: a saved one can only continue in an identical one. */
export function machineShape(options: BoxOptions): string[] {
  return machineArguments(options, {
    ...{ console: '', gpu: '', monitor: '', line: '' },
    ...{ ports: [], ram: '', iommu: '' },
  });
}

/**
 * Starts GPU and machine; `started` records each before it runs, so that a crash can't orphan it.
 * @param saved The saved state from which the machine continues, halted until resumed; without it, the
 * machine boots.
 */
export async function startBox(
  options: BoxOptions,
  paths: LabPaths,
  native: string,
  started: (process: BoxProcess) => Promise<void>,
  saved?: string,
): Promise<BoxProcess> {
  const { name } = options;
  const start = async (process: string, command: string, args: string[]): Promise<BoxProcess> => {
    const named = (id: ProcessId): BoxProcess => ({ ...id, name: process });
    return named(await startProcess(command, args, logOf(paths, process), (id) => started(named(id))));
  };
  const sockets = boxSockets(paths, name);
  for (const socket of [sockets.gpu, sockets.monitor, sockets.line]) await rm(socket, { force: true });
  const gpu = await start(`${name}-gpu`, join(native, 'vgpu'), [sockets.gpu, String(options.memoryMb)]);
  await waitForSocket(sockets.gpu, gpu, logOf(paths, gpu.name));
  const ports = options.forwards.map(({ port }) => port);
  const descriptor = (number: number): string => `/proc/${gpu.pid}/fd/${number}`;
  const [ram, iommu] = [descriptor(SHARED_MEMORY.ram), descriptor(SHARED_MEMORY.iommu)];
  const [command, ...first] = options.emulator;
  const machine = await start(`${name}-qemu`, command, [
    ...first,
    ...machineArguments(options, { ...sockets, console: consoleLog(paths, name), ports, ram, iommu }),
    ...(saved === undefined ? [] : ['-S', '-incoming', unpackingFrom(saved)]),
  ]);
  for (const socket of [sockets.monitor, sockets.line])
    await waitForSocket(socket, machine, logOf(paths, machine.name));
  return machine;
}
