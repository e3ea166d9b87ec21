import { createHash } from 'node:crypto';
import { gpuName } from '../words/gpu.ts';
import { quote } from '../words/quote.ts';
import { factsOf } from './facts.ts';
import type { Gpu, Place } from './mode.ts';
import { PCI_ADDRESS, pciDevice } from './sysfs.ts';

/**
 * For display devices (PCI class 03) or, if a DRM device or a PCI address is named, for that one. Only root
 * may read the product’s UUID; NVIDIA’s driver reports the GPU’s own. Source: its README, “The /proc
 * interface”.
 */
function script(device: string | undefined): string {
  const node = device === undefined ? '' : placeOf(device);
  return String.raw`grep -qw hypervisor /proc/cpuinfo && ! grep -qs control_d /proc/xen/capabilities && exit 0
t() { vgb_d=$(readlink -f "$1"); printf 'gpu\t%s %s %s %s\n' "$(cat "$1/vendor")" "$(cat "$1/device")" "$(basename "$vgb_d")" "$(basename "$(readlink "$1/driver")")"
[ -r "/proc/driver/nvidia/gpus/$(basename "$vgb_d")/information" ] && printf 'uuid\t%s\n' "$(sed -n 's/^GPU UUID:[[:space:]]*//p' "/proc/driver/nvidia/gpus/$(basename "$vgb_d")/information")"; }
vgb_n=${quote(node)}
if [ -n "$vgb_n" ]; then [ -e "$vgb_n/vendor" ] && t "$vgb_n"
else
  set --
  for d in /sys/bus/pci/devices/*; do case $(cat "$d/class" 2>/dev/null) in 0x03*) set -- "$@" "$d" ;; esac; done
  [ $# = 1 ] && t "$1"
fi 2>/dev/null
printf 'machine\t%s\n' "$(cat /sys/class/dmi/id/product_uuid 2>/dev/null)"
:`;
}

function placeOf(device: string): string {
  return PCI_ADDRESS.test(device)
    ? pciDevice(device)
    : `/sys/class/drm/${device.split('/').at(-1) ?? ''}/device`;
}

/**
 * The GPU of a machine: the one behind a DRM device node or at a PCI address, or else its only display
 * device.
 * @returns undefined if there is none, or several and none is named; and in a guest, which can’t tell whose
 * it is.
 * @throws LinkLost
 */
export async function gpuOf(place: Place, device?: string): Promise<Gpu | undefined> {
  const facts = await factsOf(place, script(device));
  const [vendor, product, address, driver] = (facts.get('gpu') ?? '').split(' ');
  const id = /^0x([0-9a-f]{4}) 0x([0-9a-f]{4})$/.exec(`${vendor ?? ''} ${product ?? ''}`);
  if (id === null) return undefined;
  const machine = facts.get('machine') ?? '';
  // Identifies the machine without revealing it: a serial number does not belong in a report.
  const where = machine === '' ? undefined : createHash('sha256').update(machine).digest('hex').slice(0, 8);
  return {
    identity: gpuName({
      id: `${id[1] ?? ''}:${id[2] ?? ''}`,
      ...{ address: address ?? '', machine: where },
      uuid: /^GPU-[0-9a-f-]{1,60}$/.exec(facts.get('uuid') ?? '')?.[0],
    }),
    driver: driver ?? '',
  };
}
