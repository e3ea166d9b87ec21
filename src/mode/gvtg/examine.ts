/**
 * What prevents GVT-g from being entered or attested, checked beforehand. Source: as for evidence.ts, and
 * i915_params.c.
 */
import { notRoot } from '../../power/xen.ts';
import { type Examined, type Look, amiss, fine } from '../../words/examined.ts';
import { debugfsFact, examineDebugfs } from '../debugfs-look.ts';
import { type Facts, factsOf, listOf } from '../facts.ts';
import { hostOf } from '../host.ts';
import { mdevDevice } from '../mdev.ts';
import type { Site } from '../mode.ts';
import { powerAt } from '../powered.ts';
import { driverOf, pciDevice } from '../sysfs.ts';
import { kernelParameter } from '../xl-config.ts';
import type { GvtgSpec } from './kind.ts';

const DEBUGFS = '/sys/kernel/debug/dri';

function script({ device, uuid }: GvtgSpec): string {
  const at = pciDevice(device);
  return String.raw`printf 'uid\t%s\n' "$(id -u)"
printf 'driver\t%s\n' "$(${driverOf(device)})"
printf 'enabled\t%s\n' "$(cat /sys/module/i915/parameters/enable_gvt 2>/dev/null)"
[ -d /sys/module/kvmgt ] && printf 'kvmgt\tyes\n'
${debugfsFact(DEBUGFS)}
[ -e ${mdevDevice(uuid ?? 'none')} ] && printf 'made\tyes\n'
printf 'types\t%s\n' "$(for vgb_t in ${at}/mdev_supported_types/*; do [ -e "$vgb_t/available_instances" ] && printf '%s %s,' "$(basename "$vgb_t")" "$(cat "$vgb_t/available_instances")"; done)"
:`;
}

/** Before its guest has a virtual GPU, everything to check is on the host. @throws LinkLost */
export async function examineGvtg(name: string, spec: GvtgSpec, site: Site): Promise<Examined[]> {
  const host = hostOf(site);
  const facts = await factsOf(host, script(spec));
  const at = (looks: Look[]) => looks.map((look) => ({ target: host.name, ...look }));
  const uid = facts.get('uid');
  if (uid !== '0') return at([notRoot(uid, host.name)]);
  const driver = facts.get('driver') ?? '';
  const bound = `i915 drives ${spec.device}`;
  if (driver !== 'i915')
    return at([
      amiss(bound, driver || 'no driver', 'have i915 drive it (modprobe i915), or correct the address', {
        key: `modes.${name}.device`,
        value: undefined,
      }),
    ]);
  const types = typesIn(facts);
  return at([
    fine(bound, driver),
    ofKvm(site),
    ...(types.size === 0 ? [absent(host.name, facts)] : [room(name, spec, types, facts.has('made'))]),
    examineDebugfs('that a virtual GPU is active can be read', DEBUGFS, host.name, facts),
  ]);
}

/** How many more of each type can be created. */
function typesIn(facts: Facts): Map<string, number> {
  return new Map(listOf(facts.get('types')).map(([type = '', left = '']) => [type, Number(left)]));
}

function ofKvm(site: Site): Look {
  const what = `${site.domain} is a guest of KVM`;
  if (powerAt(site).holder === 'vfio-pci') return fine(what, 'according to its power');
  return amiss(what, 'it is one of Xen', 'use a guest of KVM, and set its power', {
    key: `targets.${site.guest.name}.power`,
    value: undefined,
  });
}

function absent(on: string, facts: Facts): Look {
  const what = 'it offers virtual GPUs';
  const found = 'no mdev_supported_types';
  const enabled = facts.get('enabled') ?? '';
  if (enabled === '')
    return amiss(
      what,
      `${found}, and i915 has no parameter enable_gvt`,
      `boot ${on} with a kernel that has GVT-g: CONFIG_DRM_I915_GVT_KVMGT`,
    );
  if (enabled !== 'Y')
    return amiss(what, `${found}, and enable_gvt is ${enabled}`, 'boot it with i915.enable_gvt=1', {
      on,
      run: kernelParameter('i915.enable_gvt=1 i915.enable_guc=0'),
    });
  if (facts.get('kvmgt') !== 'yes')
    return amiss(what, `${found}: kvmgt is not loaded`, 'load it', { on, run: 'modprobe kvmgt' });
  return amiss(what, found, 'see its log for the reason: dmesg | grep gvt');
}

function room(name: string, spec: GvtgSpec, types: ReadonlyMap<string, number>, made: boolean): Look {
  const what = `one more ${spec.type} can be made`;
  const left = types.get(spec.type);
  const key = `modes.${name}.type`;
  const free = [...types].find(([, more]) => more > 0)?.[0];
  if (left === undefined)
    return amiss(what, `there are ${[...types.keys()].join(', ')}`, 'use one of those', {
      key,
      value: free,
    });
  if (made) return fine(what, `${spec.uuid ?? ''} already exists`);
  if (left > 0) return fine(what, `${left} more`);
  const remove = 'remove an unneeded virtual GPU (ls /sys/bus/mdev/devices)';
  return free === undefined
    ? amiss(what, 'no more of any type: the aperture is used up', remove)
    : amiss(what, 'none: too little of the aperture is left', `${remove}, or use a smaller one`, {
        key,
        value: free,
      });
}
