/**
 * Evidence from both sides for a GPU that was passed through. Source: xl(1) of Xen 4.17; for Linux,
 * drivers/pci/pci-sysfs.c (enable: how often a driver has it enabled, which vfio-pci does when it is opened).
 */
import { type Evidence, evidenceOf } from '../evidence.ts';
import { type Facts, listOf, told } from '../facts.ts';
import { hostOf } from '../host.ts';
import { hasFact, hasFinding } from '../lent.ts';
import type { Finding, Site } from '../mode.ts';
import { powerAt } from '../powered.ts';
import { pciDevice } from '../sysfs.ts';
import { addressesOf, devicesOf, lostSince } from './devices.ts';
import type { PassthroughSpec } from './kind.ts';

/**
 * On the host. Whether a function needs a driver at all depends on its class: those of bridges begin with
 * 0x06.
 */
export function hostScript(site: Site, spec: PassthroughSpec, logEnd: string): string {
  const at = pciDevice(spec.device);
  return String.raw`printf 'ids\t%s\n' "$(cat ${at}/vendor ${at}/device 2>&1 | tr '\n' ' ')"
printf 'drivers\t%s\n' "$(for vgb_a in ${addressesOf(spec).join(' ')}; do printf '%s %s,' $vgb_a "$(readlink /sys/bus/pci/devices/$vgb_a/driver | sed 's,.*/,,')"; done)"
printf 'drm\t%s\n' "$(ls ${at}/drm 2>/dev/null | tr '\n' ' ')"
printf 'enable\t%s\n' "$(cat ${at}/enable 2>&1)"
printf 'group\t%s\n' "$(for vgb_d in ${at}/iommu_group/devices/*; do
  [ -e "$vgb_d" ] || continue
  case $(cat "$vgb_d/class") in 0x06*) continue ;; esac
  printf '%s %s,' "$(basename "$vgb_d")" "$(readlink "$vgb_d/driver" | sed 's,.*/,,')"
done)"
${hasFact(site, devicesOf(spec))}
${lostSince(spec.device, logEnd)}
printf 'lost\t%s\n' "$vgb_l"
:`;
}

/** In the guest: its GPUs, and the output of NVIDIA’s tool. */
const GUEST = String.raw`printf 'cards\t%s\n' "$(for vgb_d in /sys/bus/pci/devices/*; do
  [ -e "$vgb_d/vendor" ] || continue
  printf '%s %s %s %s,' "$(cat "$vgb_d/vendor")" "$(cat "$vgb_d/device")" "$(basename "$vgb_d")" "$(readlink "$vgb_d/driver" | sed 's,.*/,,')"
done)"
if command -v nvidia-smi >/dev/null; then
  printf 'virtualization\t%s\n' "$(nvidia-smi -q 2>/dev/null | sed -n 's/^ *Virtualization Mode *: *//p' | sort -u | tr '\n' ' ')"
  printf 'confidential\t%s\n' "$(nvidia-smi conf-compute -f 2>/dev/null | grep '^CC status' | head -n 1)"
fi
:`;

/** @param logEnd the last line of the host’s log before the mode was entered @throws LinkLost */
export const readEvidence = (site: Site, spec: PassthroughSpec, logEnd: string): Promise<Evidence> =>
  evidenceOf(site, GUEST, hostScript(site, spec, logEnd));

/** What must hold as long as the mode is entered. */
export function findingsOf(site: Site, spec: PassthroughSpec, { guest, host }: Evidence): Finding[] {
  const { holder } = powerAt(site);
  const finding = (target: string, claim: string, ok: boolean, evidence: string): Finding => ({
    ...{ target, claim, ok },
    evidence: evidence || 'none',
  });
  const [onHost, inGuest] = [hostOf(site).name, site.guest.name];
  const [drm, lost] = [host.get('drm'), host.get('lost')];
  return [
    finding(
      onHost,
      `${holder} holds ${addressesOf(spec).join(', ')}`,
      listOf(host.get('drivers')).every(([, driver]) => driver === holder) && host.has('drivers'),
      told(host, 'drivers'),
    ),
    finding(onHost, 'the host has no DRM device of it', drm === '', drm === '' ? 'none' : told(host, 'drm')),
    hasFinding(site, host),
    ...(holder === 'vfio-pci' ? opened(onHost, host, finding) : []),
    finding(
      onHost,
      'no reset of it failed',
      lost === '',
      lost === '' ? 'none in its log' : told(host, 'lost'),
    ),
    inside(inGuest, spec, host, guest),
    ...nvidia(inGuest, spec, guest),
  ];
}

function opened(
  target: string,
  host: Facts,
  finding: (target: string, claim: string, ok: boolean, evidence: string) => Finding,
): Finding[] {
  const group = listOf(host.get('group'));
  const loose = group.filter(([, driver = '']) => driver !== 'vfio-pci' && driver !== '');
  return [
    finding(
      target,
      'vfio-pci has it open',
      Number(host.get('enable')) > 0,
      `enable ${host.get('enable') ?? ''}`,
    ),
    finding(
      target,
      'all of its IOMMU group is held by vfio-pci',
      group.length > 0 && loose.length === 0,
      host.get('group') ?? '',
    ),
  ];
}

/** One device of its product, with a driver: the guest must show the GPU that the host reports. */
function inside(target: string, { driver }: PassthroughSpec, host: Facts, guest: Facts): Finding {
  const ids = (host.get('ids') ?? '').trim();
  const cards = listOf(guest.get('cards'));
  const own = cards.filter(([vendor = '', device = '']) => ids !== '' && `${vendor} ${device}` === ids);
  const [first] = own;
  const bound = first?.[3] ?? '';
  return {
    target,
    claim: `it has the GPU (${ids.replaceAll('0x', '')}), bound to ${driver ?? 'a driver'}`,
    ok: own.length === 1 && bound !== '' && (driver === undefined || bound === driver),
    evidence:
      first === undefined
        ? `none such among ${cards.length} PCI devices`
        : own.map((card) => `${card[2] ?? ''} ${card[3] || 'without a driver'}`).join(', '),
  };
}

/** Without NVIDIA’s tool in the guest nothing is known, which only suffices if nothing needs to be on. */
function nvidia(target: string, { confidential }: PassthroughSpec, guest: Facts): Finding[] {
  const mode = guest.get('virtualization');
  const status = guest.get('confidential') ?? '';
  const word = confidential ? 'on' : 'off';
  return [
    ...(mode === undefined || mode === ''
      ? []
      : [
          {
            target,
            claim: 'its NVIDIA driver has the whole GPU: Pass-Through',
            ok: mode === 'Pass-Through',
            evidence: mode,
          },
        ]),
    ...(status === '' && !confidential
      ? []
      : [
          {
            target,
            claim: `confidential computing is ${word}`,
            ok: new RegExp(`^CC status *: *${word}$`, 'i').test(status),
            evidence: status || 'nvidia-smi conf-compute -f does not report it',
          },
        ]),
  ];
}
