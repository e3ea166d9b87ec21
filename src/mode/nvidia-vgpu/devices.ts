/**
 * NVIDIA’s virtual GPUs: mediated devices or, on newer kernels, virtual functions whose type is written to a file of the
 * driver. Source: NVIDIA’s guide to vGPU on Linux with KVM; kubevirt, pkg/virt-handler/device-manager/common.go.
 */
import { randomUUID } from 'node:crypto';
import { Problem } from '../../problem.ts';
import type { HostDevice } from '../../power/power.ts';
import { type Facts, factsOf } from '../facts.ts';
import { hostOf } from '../host.ts';
import { assertMediated, mdevDevice, typeFolder } from '../mdev.ts';
import type { Change, Site } from '../mode.ts';
import { powerAt } from '../powered.ts';
import { pciDevice, put } from '../sysfs.ts';
import type { NvidiaVgpuSpec } from './kind.ts';

/** A parent of virtual GPUs: the GPU itself, or one of its virtual functions. */
export interface Offer {
  address: string;
  by: 'mdev' | 'vfio';
  /** How many more of the type it has room for. */
  left: number;
}

/**
 * Facts: whether the virtual GPU that the mode names exists, and the possible parents of others. A virtual function has room
 * for one, and lists the possible types: a header, then lines such as “1145  : NVIDIA L40S-1B”.
 */
export function offerFacts(spec: NvidiaVgpuSpec): string {
  const { device, type } = spec;
  const at = pciDevice(device);
  const named = namedIn(spec);
  return String.raw`${named === undefined ? '' : `${isThere(named, type)} && printf 'there\\tyes\\n'`}
printf 'offers\t%s\n' "$(for vgb_f in ${at} ${at}/virtfn*; do
  vgb_a=$(basename "$(readlink -f "$vgb_f")") vgb_t=$vgb_f/mdev_supported_types vgb_l=0
  if [ -e "$vgb_f/nvidia/current_vgpu_type" ]; then
    [ "$(cat "$vgb_f/nvidia/current_vgpu_type")" != 0 ] || vgb_l=$(grep -cE '^ *${type} *:' "$vgb_f/nvidia/creatable_vgpu_types")
    printf '%s vfio %s,' "$vgb_a" "$vgb_l"
  elif [ -d "$vgb_t" ]; then
    printf '%s mdev %s,' "$vgb_a" "$(cat "$vgb_t/nvidia-${type}/available_instances" 2>/dev/null || echo 0)"
  fi
done)"`;
}

export function offersIn(facts: Facts): Offer[] {
  return (facts.get('offers') ?? '').split(',').flatMap((one) => {
    const [address = '', by, left = ''] = one.trim().split(/\s+/);
    return by === 'mdev' || by === 'vfio' ? [{ address, by, left: Number(left) }] : [];
  });
}

/** Its directory in sysfs. */
export function folderOf(device: HostDevice): string {
  return 'mdev' in device ? mdevDevice(device.mdev) : pciDevice(device.pci);
}

/** Exits with 0 if it exists; functions are reused, and one of another type belongs to somebody else. */
function isThere(device: HostDevice, type: number): string {
  const at = folderOf(device);
  return 'mdev' in device
    ? `[ -e ${at} ]`
    : `[ "$(cat ${at}/nvidia/current_vgpu_type 2>/dev/null)" = ${type} ]`;
}

/** The one that the mode names, if any. */
export function namedIn({ uuid, function: made }: NvidiaVgpuSpec): HostDevice | undefined {
  if (uuid !== undefined) return { mdev: uuid };
  return made === undefined ? undefined : { pci: made };
}

/** A virtual GPU for a guest, and the changes that create it: none if the mode names an existing one. */
export interface Readied {
  device: HostDevice;
  changes: Change[];
}

/**
 * Called for one guest after the other.
 * @param taken how many will have been created for the mode’s earlier guests, by address
 * @throws Problem if there is no room, or if the guest’s power can’t lend devices; LinkLost
 */
export async function readyFor(
  site: Site,
  spec: NvidiaVgpuSpec,
  taken: Map<string, number>,
): Promise<Readied> {
  // Guests of Xen are rejected in both ways.
  assertMediated(site, 'told');
  const host = hostOf(site);
  const facts = await factsOf(host, `${offerFacts(spec)}\n:`);
  const named = namedIn(spec);
  if (named !== undefined && facts.has('there')) return { device: named, changes: [] };
  const offers = offersIn(facts);
  const chosen = offers.find(
    ({ address, left }) =>
      left - (taken.get(address) ?? 0) > 0 && (spec.function === undefined || spec.function === address),
  );
  if (chosen === undefined) throw noRoom(spec, offers);
  assertTold(site, spec, chosen);
  taken.set(chosen.address, (taken.get(chosen.address) ?? 0) + 1);
  return made(host.name, spec, chosen);
}

function made(
  target: string,
  { type, uuid = randomUUID(), parameters }: NvidiaVgpuSpec,
  { address, by }: Offer,
): Readied {
  const device = by === 'mdev' ? { mdev: uuid } : { pci: address };
  const at = folderOf(device);
  const [make, remove] =
    by === 'mdev'
      ? [put(uuid, `${typeFolder(address, `nvidia-${type}`)}/create`), put('1', `${at}/remove`)]
      : [put(String(type), `${at}/nvidia/current_vgpu_type`), put('0', `${at}/nvidia/current_vgpu_type`)];
  const there = isThere(device, type);
  const settings = `${at}/nvidia/vgpu_params`;
  const change = (script: string, back: string): Change => ({
    ...{ target, script },
    undo: { target, script: `! ${there} || ${back}` },
  });
  return {
    device,
    changes: [
      change(`${there} || ${make}`, remove),
      // A space clears them.
      ...(parameters === undefined ? [] : [change(put(parameters, settings), put(' ', settings))]),
    ],
  };
}

function noRoom({ device, type, function: made }: NvidiaVgpuSpec, offers: readonly Offer[]): Problem {
  return new Problem({
    code: 'VGB-MODE-VGPU',
    message: `no room for one more virtual GPU of the type ${type}`,
    expected: made === undefined ? `a type that ${device} has room for` : `room on ${made}`,
    found:
      offers.map(({ address, by, left }) => `${address} (${by}): ${left}`).join(', ') ||
      'it can’t provide a virtual GPU',
    next: 'run vgpubench doctor, which lists the types with room and other problems',
  });
}

/** A custom command line must name the device itself. */
function assertTold(site: Site, spec: NvidiaVgpuSpec, { by }: Offer): void {
  const [key, option] =
    by === 'mdev'
      ? (['uuid', 'vfio-pci,sysfsdev=/sys/bus/mdev/devices/UUID'] as const)
      : (['function', 'vfio-pci,host=ADDRESS'] as const);
  if (powerAt(site).lend !== undefined || spec[key] !== undefined) return;
  throw new Problem({
    code: 'VGB-MODE-POWER',
    message: `what starts ${site.guest.name} can’t be told which virtual GPU to use`,
    expected: `the key ${key} in the mode, as on the guest’s command line`,
    found: 'none',
    next: `add -device ${option} to the command line, and the same value as ${key} in the mode`,
  });
}
