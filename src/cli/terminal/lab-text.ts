import type { LabStatus } from '../../lab/life/status.ts';
import type { Lab } from '../../lab/life/up.ts';
import { columns } from './output.ts';

export function labUpText({ aliases, accelerator }: Lab): string {
  return (
    `${aliases.join(', ')} are up (Xen under QEMU, ${acceleratorName(accelerator)}). Next:\n` +
    `  vgpubench lab ssh ${aliases[0] ?? ''}\n  vgpubench lab run FILE\n  vgpubench lab down`
  );
}

export function labStatusText({ state, accelerator, sshConfig, hosts, processes }: LabStatus): string {
  if (state === 'down') return 'the lab is down; vgpubench lab up boots it';
  if (state === 'starting') return 'the lab is being brought up';
  const rows = [
    ...hosts.map(({ alias, port }) => [alias, `ssh on 127.0.0.1:${port}`]),
    ...processes.map(({ name, pid, running }) => [
      name,
      running ? `process ${pid}` : `process ${pid} has ended`,
    ]),
  ];
  const [first] = hosts;
  const config = sshConfig === null || first === undefined ? '' : `\nssh -F ${sshConfig} ${first.alias}`;
  const next = state === 'broken' ? '\nnext: vgpubench lab down, then vgpubench lab up' : '';
  return `the lab is ${state}${accelerator === null ? '' : ` (${acceleratorName(accelerator)})`}\n${columns(rows)}${config}${next}`;
}

function acceleratorName(accelerator: 'kvm' | 'tcg'): string {
  return accelerator === 'kvm' ? 'KVM' : 'TCG: no KVM here that runs guests';
}
