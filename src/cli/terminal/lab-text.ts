import type { LabStatus } from '../../lab/life/status.ts';
import type { ListedSnapshot } from '../../lab/life/listed.ts';
import type { Lab } from '../../lab/life/up.ts';
import { clockText } from '../../lab/boot/clocks.ts';
import { PCI_GUEST } from '../../lab/boot/layout.ts';
import { columns, span } from './output.ts';

export function labUpText({ aliases, accelerator }: Lab): string {
  const up = aliases.filter((alias) => alias !== `lab-${PCI_GUEST}`);
  const off =
    up.length === aliases.length ? '' : `${PCI_GUEST} is off; in dom0: xl create /etc/xen/${PCI_GUEST}.cfg\n`;
  return (
    `${up.join(', ')} are up (Xen under QEMU, ${acceleratorName(accelerator)}). ${off}Next:\n` +
    `  vgpubench lab ssh ${aliases[0] ?? ''}\n  vgpubench lab run FILE\n  vgpubench lab down`
  );
}

export function labStatusText(lab: LabStatus): string {
  const { name, state, usedBy, hosts, clocks, processes, sshConfig } = lab;
  if (state === 'down') return `lab ${name} is down; start it with: vgpubench lab up`;
  if (state === 'starting')
    return `lab ${name} is being brought up${usedBy === null ? '' : ` by process ${usedBy}`}`;
  const rows = [
    ...hosts.map(({ alias, port }) => [alias, `ssh on 127.0.0.1:${port}`, clockOf(clocks, alias)]),
    ...processes.map(({ name, pid, running }) => [
      name,
      running ? `process ${pid}` : `process ${pid} has ended`,
      '',
    ]),
  ];
  const [first] = hosts;
  const config = sshConfig === null || first === undefined ? '' : `\nssh -F ${sshConfig} ${first.alias}`;
  const next = state === 'broken' ? '\nnext: vgpubench lab down, then vgpubench lab up' : '';
  return `lab ${name} is ${state}${aboutText(lab)}\n${columns(rows)}${config}${next}`;
}

function aboutText({ accelerator, snapshot, usedBy }: LabStatus): string {
  const about = [
    ...(accelerator === null ? [] : [acceleratorName(accelerator)]),
    snapshot === null ? 'booted' : `restored from snapshot ${snapshot}`,
    usedBy === null ? 'not in use' : `used by process ${usedBy}`,
  ];
  return ` (${about.join('; ')})`;
}

function clockOf(clocks: LabStatus['clocks'], alias: string): string {
  const clock = clocks[alias];
  return clock === undefined ? '' : `time by ${clockText(clock)}`;
}

/** A line per lab. */
export function labsText(labs: readonly LabStatus[]): string {
  return columns(
    labs.map(({ name, state, guests, usedBy }) => [
      name,
      state,
      state === 'down' ? '' : `${guests.length} guest${guests.length === 1 ? '' : 's'}`,
      usedBy === null ? '' : `used by process ${usedBy}`,
    ]),
  );
}

/** A line per snapshot, the last used first. */
export function snapshotsText(snapshots: readonly ListedSnapshot[], now = Date.now()): string {
  if (snapshots.length === 0) return 'no snapshots; vgpubench lab up saves one after booting';
  const rows = snapshots.map(({ key, read, current }) =>
    read === undefined
      ? [key, 'can’t be read', '', '', '']
      : [
          key,
          `${read.bare ? 'bare, ' : ''}${read.guests} guest${read.guests === 1 ? '' : 's'}`,
          `${Math.round(read.bytes / 1e6)} MB`,
          `used ${span(now - read.usedAt)} ago`,
          current
            ? `used by: vgpubench lab up --guests ${read.guests}`
            : 'made with other images, programs or QEMU',
        ],
  );
  return columns(rows, [2]);
}

function acceleratorName(accelerator: 'kvm' | 'tcg'): string {
  return accelerator === 'kvm' ? 'KVM' : 'TCG: KVM can’t run guests here';
}
