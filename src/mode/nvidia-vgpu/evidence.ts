/** Evidence from both sides for a guest with an NVIDIA virtual GPU. Source: as for devices.ts, smi.ts and scheduler.ts. */
import type { HostDevice } from '../../power/power.ts';
import { type Facts, factsOf, told } from '../facts.ts';
import { hostOf } from '../host.ts';
import type { Finding, Site } from '../mode.ts';
import { powerAt } from '../powered.ts';
import { driverOf } from '../sysfs.ts';
import { folderOf } from './devices.ts';
import type { NvidiaVgpuSpec } from './kind.ts';
import { policyIn, schedulerFacts, schedulerFindings } from './scheduler.ts';
import { gpuIn, gpuSmi, hostSmi, vgpuOf } from './smi.ts';

function hostScript(site: Site, { device }: NvidiaVgpuSpec, made: HostDevice): string {
  const { lend } = powerAt(site);
  const at = folderOf(made);
  const type =
    'mdev' in made
      ? `readlink ${at}/mdev_type | sed 's,.*/nvidia-,,'`
      : `cat ${at}/nvidia/current_vgpu_type 2>&1`;
  return String.raw`printf 'type\t%s\n' "$(${type})"
printf 'driver\t%s\n' "$(${driverOf(device)})"
printf 'has\t%s\n' "$(${lend === undefined ? 'echo unknown' : `${lend([made]).has} && echo yes || echo no`})"
printf 'parameters\t%s\n' "$(cat ${at}/nvidia/vgpu_params 2>/dev/null)"
${hostSmi(device)}
${schedulerFacts(device)}
:`;
}

interface Evidence {
  guest: Facts;
  host: Facts;
}

/** @throws LinkLost */
export async function readEvidence(site: Site, spec: NvidiaVgpuSpec, made: HostDevice): Promise<Evidence> {
  const [guest, host] = await Promise.all([
    factsOf(site.guest, `${gpuSmi()}\n:`),
    factsOf(hostOf(site), hostScript(site, spec, made)),
  ]);
  return { guest, host };
}

/** What must hold as long as the mode is entered, with caveats about figures. */
export function findingsOf(
  site: Site,
  spec: NvidiaVgpuSpec,
  made: HostDevice,
  { guest, host }: Evidence,
): Finding[] {
  const [on, inGuest] = [hostOf(site).name, site.guest.name];
  const at = (name: string) => told(host, name);
  const finding = (target: string, claim: string, ok: boolean, evidence: string): Finding => ({
    ...{ target, claim, ok },
    evidence: evidence || 'none',
  });
  const vgpu = vgpuOf(host, site.domain, 'mdev' in made ? made.mdev : undefined);
  const [name = '', type = '', driver = ''] = ['vGPU Name', 'vGPU Type', 'Guest Driver Version'].map((key) =>
    vgpu?.get(key),
  );
  const gpu = gpuIn(guest);
  const [mode = '', product = ''] = [gpu.get('Virtualization Mode'), gpu.get('Product Name')];
  const has = at('has');
  return [
    finding(
      on,
      `it has a virtual GPU of the type ${spec.type}`,
      host.get('type') === String(spec.type),
      at('type'),
    ),
    // A custom command line can’t be inspected; in that case nvidia-smi’s output decides.
    finding(on, `${site.domain} has it, according to its toolstack`, has === 'yes' || has === 'unknown', has),
    finding(on, 'nvidia drives the GPU', host.get('driver') === 'nvidia', at('driver')),
    finding(
      on,
      `its nvidia-smi has one of that type for ${site.domain}`,
      Number.parseInt(type, 10) === spec.type,
      vgpu === undefined ? 'none of that guest' : `${type}, ${name}`,
    ),
    finding(on, `the driver of ${site.domain} uses it`, /^\d/.test(driver), `Guest Driver Version ${driver}`),
    ...schedulerFindings(on, host, spec),
    finding(
      inGuest,
      'its driver has a virtual GPU: VGPU',
      mode === 'VGPU',
      mode || 'nvidia-smi does not report it',
    ),
    finding(
      inGuest,
      `its GPU is the host’s ${name}`,
      name !== '' && model(product) === model(name),
      product || 'nvidia-smi does not report it',
    ),
    licence(inGuest, gpu.get('License Status') ?? vgpu?.get('License Status') ?? ''),
    frameLimit(on, site.domain, host, vgpu?.get('Frame Rate Limit') ?? ''),
  ];
}

/** Without the brand, which varies by driver: T4-4Q of GRID T4-4Q. */
function model(product: string): string {
  return product.split(' ').at(-1)?.toLowerCase() ?? '';
}

function licence(target: string, status: string): Finding {
  return {
    target,
    claim: 'its licence status is noted',
    ok: true,
    evidence: status || 'nothing',
    ...(status.startsWith('Unlicensed') && {
      caveat: {
        code: 'vgpu-unlicensed',
        text: `the virtual GPU of ${target} has no licence (${status.slice(0, 60)}): NVIDIA’s driver slows it down after a while, whatever the mode. Give the guest a licence, and measure again`,
      },
    }),
  };
}

/** If a share of time is enforced, the driver does not limit frames. Source: NVIDIA’s guide, as for scheduler.ts. */
function frameLimit(target: string, domain: string, host: Facts, limit: string): Finding {
  const limits = /^\d+ FPS$/.test(limit) && !['equal-share', 'fixed-share'].includes(policyIn(host));
  return {
    target,
    claim: 'its frame limit is noted',
    ok: true,
    evidence: `${limit || 'nvidia-smi does not report it'}; vgpu_params: ${(host.get('parameters') ?? '') || 'none'}`,
    ...(limits && {
      caveat: {
        code: 'vgpu-frame-limit',
        text: `the virtual GPU of ${domain} is limited to ${limit}: this slows down rendering but not computing. If frames are measured, set parameters: frame_rate_limiter=0 in the mode`,
      },
    }),
  };
}
