/** What is done on the host to the devices of one guest, and how to undo it. */
import { Problem } from '../../problem.ts';
import type { HostDevice, Power } from '../../power/power.ts';
import { quote } from '../../words/quote.ts';
import { hostOf } from '../host.ts';
import type { Change, Place, Site } from '../mode.ts';
import { powerAt } from '../powered.ts';
import { LOG_END, logSince, pciDevice, put } from '../sysfs.ts';
import { type Found, bind, found, foundIn, giveBack as giveBackVfio } from '../vfio.ts';
import type { PassthroughSpec } from './kind.ts';
import { giveBack as giveBackXen, makeAssignable } from './pciback.ts';

/** The GPU, and what goes with it. */
export const addressesOf = ({ device, with: others }: PassthroughSpec): string[] => [device, ...others];

export function devicesOf(spec: PassthroughSpec): HostDevice[] {
  return addressesOf(spec).map((pci) => ({ pci, permissive: spec.permissive }));
}

/**
 * Cards whose PCI configuration space does not survive VFIO’s reset, by vendor and device. Source:
 * ROCm/k8s-gpu-dra-driver; its virtual functions (1002:74b5) are not affected.
 */
const LOST_BY_RESET: Readonly<Record<string, string>> = { '0x1002 0x74a1': 'AMD Instinct MI300X' };

/**
 * The name of a card that is known not to survive its reset between guests. @param id vendor and device, as
 * in sysfs
 */
export function lostByReset(id: string, holder: Power['holder']): string | undefined {
  return holder === 'vfio-pci' ? LOST_BY_RESET[id] : undefined;
}

/** The host as it was found. */
export interface Before {
  devices: Found[];
  /** Vendor and device of the GPU, as in sysfs. */
  id: string;
  resetMethod: string;
  /** The last line of its log, by its sequence number. */
  logEnd: string;
}

/** @throws LinkLost */
export async function readBefore(host: Place, spec: PassthroughSpec): Promise<Before> {
  const addresses = addressesOf(spec);
  const at = pciDevice(spec.device);
  const { stdout } = await host.run(`${addresses.map(found).join('\n')}
printf 'id|%s\\n' "$(cat ${at}/vendor ${at}/device 2>/dev/null | tr '\\n' ' ')"
printf 'reset|%s\\n' "$(cat ${at}/reset_method 2>/dev/null)"
printf 'log|%s\\n' "$(${LOG_END})"
:`);
  const told = new Map(stdout.split('\n').map((line) => [line.split('|')[0], line.split('|')[1] ?? '']));
  return {
    devices: foundIn(stdout, addresses),
    id: (told.get('id') ?? '').trim(),
    resetMethod: told.get('reset') ?? '',
    logEnd: told.get('log') ?? '-1',
  };
}

/** What readies them for a guest; nothing for those that are already held for guests. @throws Problem */
export function provision(site: Site, spec: PassthroughSpec, before: Before): Change[] {
  const host = hostOf(site);
  const { holder } = powerAt(site);
  const lost = lostByReset(before.id, holder);
  if (lost !== undefined && spec.allow !== 'host-reset') throw wouldBeLost(spec.device, lost);
  if (spec.permissive && holder !== 'pciback') throw onlyXen(site);
  const on = (script: string, undo: string): Change => ({
    target: host.name,
    script,
    undo: { target: host.name, script: undo },
  });
  const held = before.devices
    .filter(({ driver }) => driver !== holder)
    .map((device) =>
      holder === 'pciback'
        ? on(makeAssignable(device.address), giveBackXen(device.address))
        : on(bind(device), giveBackVfio(device)),
    );
  const method = `${pciDevice(spec.device)}/reset_method`;
  const reset =
    spec.reset === undefined || spec.reset === before.resetMethod
      ? []
      : [on(put(spec.reset, method), put(before.resetMethod, method))];
  // Undone last, when the device belongs to the host again: a lost card keeps its host from being measured.
  return [on(':', survived(spec.device, before.logEnd)), ...reset, ...held];
}

/**
 * What the kernel logs for a device that a reset did not bring back. Source: drivers/pci/pci.c, pci_dev_wait.
 */
const LOST =
  'not ready [0-9]*ms after [^;]*; giving up|Refused to change power state|Unable to change power state';

/** Sets $vgb_l to the last line since then that reports a lost device; empty if none does. */
export function lostSince(device: string, logEnd: string): string {
  return `${logSince(logEnd)}
vgb_l=$(printf '%s\\n' "$vgb_k" | grep -F ${quote(device)} | grep -E ${quote(LOST)} | tail -n 1)`;
}

function survived(device: string, logEnd: string): string {
  return `${lostSince(device, logEnd)}
[ -z "$vgb_l" ] || { echo "${device} did not come back from its reset: reboot this host. $vgb_l" >&2; exit 1; }`;
}

function wouldBeLost(device: string, name: string): Problem {
  return new Problem({
    code: 'VGB-MODE-RESET',
    message: `${device} would be passed through whole`,
    expected: 'a card that survives its reset between guests',
    found: `${name}: it is known not to survive its reset between guests`,
    next: 'pass a virtual function through; or set allow: host-reset in the mode, if its host may be rebooted',
  });
}

function onlyXen({ guest }: Site): Problem {
  return new Problem({
    code: 'VGB-MODE-POWER',
    message: `${guest.name} can’t be given a permissive device`,
    expected: 'a guest of Xen: power: { use: xl, ... }',
    found: 'a guest whose devices vfio-pci holds',
    next: 'remove permissive: it is an option of Xen’s pciback',
  });
}
