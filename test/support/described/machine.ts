/**
 * A described operating system: its own files in place of sysfs, the kernel's log and the boot id, modules
 * that keep their options while loaded, and kernel threads. Whoever logs in finds these instead of the real
 * ones.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { release } from 'node:os';
import { dirname, join } from 'node:path';
import type { ServerSpec } from '../../../bench/loopback/sshd.ts';

const HERE = import.meta.dirname;

/** Where a kernel is without KASLR. Source: Documentation/x86/x86_64/mm.txt. */
const LINKED_AT = 'ffffffff81000000';

/** Who may log in besides root. */
export const PLAIN_USER = 'plain';

export interface ModuleOptions {
  readonly [option: string]: string;
}

export class Machine {
  readonly name: string;
  readonly directory: string;
  /** Modules that are loaded, with their options, which are fixed then. */
  readonly modules = new Map<string, ModuleOptions>();
  on = false;
  /** Its GPU, for whoever binds it to another driver. */
  gpuIs: { address: string; ids: readonly [string, string]; driver: string } | undefined;
  readonly #client: string;
  readonly #commands: readonly string[];
  #sequence = 0;
  readonly #power: number;
  readonly #threads = new Map<string, ChildProcess>();
  #supervisor: () => number = () => 0;

  /** @param commands the names of commands that the description answers instead of a program */
  constructor(name: string, folder: string, socket: string, commands: readonly string[]) {
    this.name = name;
    this.directory = join(folder, name);
    mkdirSync(join(this.directory, 'bin'), { recursive: true });
    execFileSync('mkfifo', [join(this.directory, 'power')]);
    // Also opened for reading, so that a word can be written before anybody reads.
    this.#power = openSync(join(this.directory, 'power'), constants.O_RDWR);
    this.#client = ['perl', join(HERE, 'client'), socket].join(' ');
    this.#commands = commands;
    const cpus = readFileSync('/proc/cpuinfo', 'utf8').replaceAll(' hypervisor', '');
    writeFileSync(join(this.directory, 'cpuinfo'), cpus);
    writeFileSync(join(this.directory, 'kmsg'), '');
    writeFileSync(join(this.directory, 'boot_id'), '');
    writeFileSync(join(this.directory, 'interrupts'), '');
    for (const own of ['etc', 'opt', 'boot']) mkdirSync(join(this.directory, own));
    execFileSync('cp', ['-a', '/etc/.', join(this.directory, 'etc')]);
    writeFileSync(join(this.directory, 'etc/described'), `${name}\n`);
    // Somebody who is not root.
    appendFileSync(join(this.directory, 'etc/passwd'), `${PLAIN_USER}:x:4242:4242::/tmp:/bin/sh\n`);
    this.renew();
  }

  /** Its disk in its initial state: kernel, boot loader, and its configuration. */
  renew(): void {
    this.gpuIs = undefined;
    for (const path of ['etc/modprobe.d', 'etc/default/grub', 'boot/grub', 'etc/xen'])
      rmSync(join(this.directory, path), { recursive: true, force: true });
    for (const path of ['etc/modprobe.d', 'etc/default', 'etc/xen', 'boot/grub'])
      mkdirSync(join(this.directory, path), { recursive: true });
    this.disk('etc/default/grub', 'GRUB_CMDLINE_LINUX=""\n');
    this.disk(`boot/System.map-${release()}`, `${LINKED_AT} T _text\n`);
    // In place: it is bound to where it is read.
    writeFileSync(join(this.directory, 'kallsyms'), `${LINKED_AT} T _text\n`);
    for (const command of this.#commands) this.install(command);
  }

  /** A command that the description answers. */
  install(command: string, path = `bin/${command}`): void {
    // The same program on each machine, as on real ones: which one it is on, /etc says.
    this.program(path, `read -r n </etc/described && exec ${this.#client} "$n" ${command} "$@"`);
  }

  /** A program of its own, in POSIX sh. */
  program(path: string, script: string): void {
    const program = join(this.directory, path);
    mkdirSync(dirname(program), { recursive: true });
    writeFileSync(program, `#!/bin/sh\n${script}\n`);
    chmodSync(program, 0o755);
  }

  /** The same of one that has what it reads as its first argument. Of tee that is what goes to sysfs, and nothing else. */
  installFed(command: string): void {
    const real = command === 'tee' ? 'case $1 in /sys/*) ;; *) exec /usr/bin/tee "$@" ;; esac\n' : '';
    this.program(
      `bin/${command}`,
      `${real}read -r n </etc/described && exec ${this.#client} "$n" ${command} "$(cat)" "$@"`,
    );
  }

  /** A file of its disk: below etc, opt or boot. */
  disk(path: string, content?: string): string {
    const file = join(this.directory, path);
    if (content !== undefined) writeFileSync(file, content);
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  }

  /** Whether its boot loader gives its kernel this parameter. */
  isBootedWith(parameter: string): boolean {
    return this.disk('boot/grub/grub.cfg').includes(` ${parameter}`);
  }

  /** How its sshd is started. @param pid of the process that this starts */
  server(pid: (alias: string) => number): ServerSpec {
    this.#supervisor = () => pid(this.name);
    return {
      alias: this.name,
      within: ['sh', join(HERE, 'supervise.sh'), this.directory],
      env: { PATH: `${this.directory}/bin:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin` },
    };
  }

  /** A boot: only the disk remains from the previous one. */
  boot(): void {
    this.modules.clear();
    rmSync(join(this.directory, 'sys'), { recursive: true, force: true });
    for (const folder of [
      'devices',
      'fs/cgroup',
      'module',
      'class/drm',
      'bus/pci/devices',
      'bus/xen-backend/devices',
      'kernel',
      'hypervisor',
    ])
      mkdirSync(join(this.directory, 'sys', folder), { recursive: true });
    // In place: the log of a machine that is on is bound to where it is read.
    writeFileSync(join(this.directory, 'boot_id'), `${randomUUID()}\n`);
    this.#sequence = 0;
    writeFileSync(join(this.directory, 'kmsg'), '');
    this.log('Linux version 3.17.2', 5);
    this.#word('on');
    this.on = true;
  }

  off(): void {
    for (const name of [...this.#threads.keys()]) this.endThread(name);
    this.#word('off');
    this.on = false;
  }

  /** Nothing of it is left running; its sshd is stopped by whoever started that. */
  close(): void {
    for (const name of [...this.#threads.keys()]) this.endThread(name);
    closeSync(this.#power);
  }

  /** A line of the kernel's log, as /dev/kmsg has it. Source: Documentation/ABI/testing/dev-kmsg. */
  log(text: string, level = 6): void {
    appendFileSync(
      join(this.directory, 'kmsg'),
      `${level},${this.#sequence},${this.#sequence * 10},-;${text}\n`,
    );
    this.#sequence++;
  }

  /** Lines of the log that the kernel drops before anybody has read them. */
  drop(lines: number): void {
    this.#sequence += lines;
  }

  get lines(): string[] {
    return readFileSync(join(this.directory, 'kmsg'), 'utf8').split('\n');
  }

  /** How often a driver was interrupted, of two CPUs. In place: it is bound to where it is read. */
  interrupts(driver: string, count: number): void {
    writeFileSync(
      join(this.directory, 'interrupts'),
      `           CPU0       CPU1\n  1:          9          0   IO-APIC   1-edge      i8042\n 24: ${String(count).padStart(10)}          0   PCI-MSI 32768-edge      ${driver}\n`,
    );
  }

  /** A file below /sys. */
  file(path: string, content: string): void {
    const file = join(this.directory, 'sys', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }

  /** What is in a file below /sys; empty where there is none. */
  sys(path: string): string {
    return this.disk(join('sys', path)).trim();
  }

  /** A symbolic link below /sys, as devices have them to their drivers. */
  link(path: string, to: string): void {
    const file = join(this.directory, 'sys', path);
    mkdirSync(dirname(file), { recursive: true });
    rmSync(file, { force: true });
    mkdirSync(join(dirname(file), to), { recursive: true });
    symlinkSync(to, file);
  }

  /** A PCI device that is a GPU, as card0 of DRM; the machine has a serial number of its own. */
  gpu(address: string, [vendor, device]: readonly [string, string], driver: string): void {
    const at = `bus/pci/devices/${address}`;
    this.gpuIs = { address, ids: [vendor, device], driver };
    this.file(`${at}/class`, '0x030000\n');
    this.file(`${at}/vendor`, `0x${vendor}\n`);
    this.file(`${at}/device`, `0x${device}\n`);
    this.link(`${at}/driver`, `../../drivers/${driver}`);
    this.gone('class/drm/card0');
    this.link('class/drm/card0/device', `../../../${at}`);
  }

  gone(path: string): void {
    rmSync(join(this.directory, 'sys', path), { recursive: true, force: true });
  }

  load(module: string, options: ModuleOptions): void {
    this.modules.set(module, options);
    mkdirSync(join(this.directory, 'sys/module', module), { recursive: true });
    for (const [option, value] of Object.entries(options))
      this.file(`module/${module}/parameters/${option}`, `${value}\n`);
  }

  unload(module: string): void {
    this.modules.delete(module);
    this.gone(`module/${module}`);
  }

  /** A process of that name, among the machine's own; a kernel's thread, to who looks for its name. */
  startThread(id: string, name: string): void {
    const program = join(this.directory, name);
    // Once: an earlier thread of that name may still be dying, whose program can’t be written to.
    if (!existsSync(program)) execFileSync('cp', ['/bin/sleep', program]);
    this.startProcess(id, [program, '1000000']);
  }

  /** A process among the machine's own, until it is off. */
  startProcess(id: string, command: readonly string[]): void {
    const [first] = childrenOf(childrenOf(this.#supervisor())[0] ?? 0);
    const inside = ['--target', String(first), '--pid', '--mount', ...command];
    const { pid = 0 } = this.#threads.set(id, spawn('nsenter', inside, { stdio: 'ignore' })).get(id) ?? {};
    // It has its own command line only some time after it was forked.
    const end = Date.now() + 5000;
    while (Date.now() < end && !childrenOf(pid).some((child) => runs(child, command)))
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
  }

  endThread(id: string): void {
    const thread = this.#threads.get(id);
    if (thread?.pid === undefined) return;
    for (const child of childrenOf(thread.pid)) kill(child);
    thread.kill('SIGKILL');
    this.#threads.delete(id);
  }

  #word(word: string): void {
    writeSync(this.#power, `${word}\n`);
  }
}

function childrenOf(pid: number): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return text
      .split(' ')
      .filter((word) => word !== '')
      .map(Number);
  } catch {
    return [];
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

function runs(pid: number, command: readonly string[]): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8') === `${command.join('\0')}\0`;
  } catch {
    return false;
  }
}
