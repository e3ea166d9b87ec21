/**
 * What prevents NVIDIA vGPU from being entered or attested, checked beforehand. Source: as for devices.ts, smi.ts and
 * scheduler.ts.
 */
import { notRoot } from '../../power/xen.ts';
import { type Examined, type Look, amiss, fine } from '../../words/examined.ts';
import { type Facts, factsOf } from '../facts.ts';
import { hostOf } from '../host.ts';
import type { Site } from '../mode.ts';
import { powerAt } from '../powered.ts';
import { driverOf, pciDevice } from '../sysfs.ts';
import { offerFacts, offersIn } from './devices.ts';
import type { NvidiaVgpuSpec } from './kind.ts';
import { REGISTRY, schedulerFacts, schedulerFindings } from './scheduler.ts';
import { gpuIn, gpuSmi } from './smi.ts';

/** Types that any function has room for: number and name. */
function script(spec: NvidiaVgpuSpec): string {
  const at = pciDevice(spec.device);
  return String.raw`printf 'uid\t%s\n' "$(id -u)"
printf 'driver\t%s\n' "$(${driverOf(spec.device)})"
printf 'functions\t%s %s\n' "$(cat ${at}/sriov_numvfs 2>/dev/null || echo 0)" "$(cat ${at}/sriov_totalvfs 2>/dev/null || echo 0)"
printf 'types\t%s\n' "$(for vgb_f in ${at} ${at}/virtfn*; do
  sed -n 's/^ *\([0-9][0-9]*\) *: */\1 /p' "$vgb_f/nvidia/creatable_vgpu_types" 2>/dev/null
  for vgb_t in "$vgb_f"/mdev_supported_types/nvidia-*; do
    [ "$(cat "$vgb_t/available_instances" 2>/dev/null || echo 0)" = 0 ] || printf '%s %s\n' "$(basename "$vgb_t" | sed s/nvidia-//)" "$(cat "$vgb_t/name")"
  done
done | sort -nu | tr '\n' ',')"
${offerFacts(spec)}
${gpuSmi(spec.device)}
${schedulerFacts(spec.device)}
:`;
}

/** Before its guest has a virtual GPU, everything to check is on the host. @throws LinkLost */
export async function examineNvidiaVgpu(name: string, spec: NvidiaVgpuSpec, site: Site): Promise<Examined[]> {
  const host = hostOf(site);
  const facts = await factsOf(host, script(spec));
  const at = (looks: Look[]) => looks.map((look) => ({ target: host.name, ...look }));
  if (facts.get('uid') !== '0') return at([notRoot(facts.get('uid'), host.name)]);
  const driver = facts.get('driver') ?? '';
  const bound = `nvidia drives ${spec.device}`;
  if (driver !== 'nvidia')
    return at([
      amiss(bound, driver || 'no driver', 'bind it to NVIDIA’s vGPU host driver, or correct the address', {
        key: `modes.${name}.device`,
        value: undefined,
      }),
    ]);
  return at([
    fine(bound, driver),
    ofKvm(site),
    ...(offersIn(facts).length === 0 ? [absent(host.name, spec, facts)] : [room(name, spec, facts)]),
    ...scheduler(host.name, spec, facts),
  ]);
}

function ofKvm(site: Site): Look {
  const what = `${site.domain} is a guest of KVM`;
  if (powerAt(site).holder === 'vfio-pci') return fine(what, 'according to its power');
  return amiss(what, 'it is one of Xen', 'use a guest of KVM, and set its power', {
    key: `targets.${site.guest.name}.power`,
    value: undefined,
  });
}

function absent(on: string, { device }: NvidiaVgpuSpec, facts: Facts): Look {
  const what = 'it offers virtual GPUs';
  const mode = gpuIn(facts).get('Virtualization Mode') ?? '';
  if (mode !== 'Host VGPU')
    return amiss(
      what,
      `nvidia-smi says ${mode || 'nothing'}, not Host VGPU`,
      'install NVIDIA’s vGPU host driver (vGPU Manager) instead of the ordinary one',
    );
  const [now, most] = (facts.get('functions') ?? '').split(' ').map(Number);
  if (now === 0 && most !== 0)
    return amiss(what, 'its virtual functions are off', 'enable them with NVIDIA’s tool, at each boot', {
      on,
      run: `/usr/lib/nvidia/sriov-manage -e ${device}`,
    });
  return amiss(
    what,
    'neither mdev_supported_types nor nvidia/current_vgpu_type',
    'see its log for the reason: dmesg | grep -i nvidia',
  );
}

function room(name: string, spec: NvidiaVgpuSpec, facts: Facts): Look {
  const { type, function: made } = spec;
  const what = `there is room for one more of the type ${type}`;
  const offers = offersIn(facts).filter(({ address }) => made === undefined || address === made);
  const left = offers.reduce((sum, one) => sum + one.left, 0);
  if (facts.has('there')) return fine(what, 'the one that the mode names already exists');
  if (left > 0) return fine(what, `${left} more`);
  const types = (facts.get('types') ?? '').split(',').filter((one) => one !== '');
  if (made !== undefined && offers.length === 0)
    return amiss(
      what,
      `${made} is not a function of it that offers virtual GPUs`,
      'correct that, or leave it out',
      {
        key: `modes.${name}.function`,
        value: undefined,
      },
    );
  return types.length === 0
    ? amiss(what, 'no more of any type', 'shut down a guest that has one, or remove unused ones')
    : amiss(what, `there is room for ${types.join(', ')}`, 'use one of those, by number', {
        key: `modes.${name}.type`,
        value: types[0]?.split(' ')[0],
      });
}

/** It is fixed when the driver is loaded, so a change requires a reboot of the host. */
function scheduler(on: string, spec: NvidiaVgpuSpec, facts: Facts): Look[] {
  if (spec.scheduler === undefined) return [];
  const found = schedulerFindings(on, facts, spec);
  const wrong = found.find(({ ok }) => !ok);
  if (wrong === undefined) return found.map((one) => fine(one.claim, one.evidence));
  const { claim, evidence } = wrong;
  if (spec['time-slice'] !== undefined)
    return [
      amiss(
        claim,
        evidence,
        'load nvidia with the RmPVMRL value from docs/systems/nvidia-vgpu.md, and reboot the host',
      ),
    ];
  const file = '/etc/modprobe.d/nvidia-vgpu-scheduler.conf';
  return [
    amiss(claim, evidence, 'load it with this setting, and reboot the host', {
      on,
      run: `echo 'options nvidia NVreg_RegistryDwords="RmPVMRL=${REGISTRY[spec.scheduler]}"' >${file} && reboot`,
    }),
  ];
}
