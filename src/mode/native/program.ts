import { quote } from '../../words/quote.ts';
import { gpuOf } from '../gpu.ts';
import type { Finding, Mode, Place } from '../mode.ts';
import { examineNative } from './examine.ts';
import type { NativeSpec } from './kind.ts';

/** The GPU driven by the operating system that owns it: nothing is changed, and that is attested. */
export function nativeMode(name: string, spec: NativeSpec): Mode {
  return {
    name,
    prepare: () => Promise.resolve([]),
    examine: async (site, isOn) =>
      isOn ? examineNative(name, spec, site, await hypervisor(site.guest, spec)) : [],
    attest: async ({ guest }) => [await hypervisor(guest, spec), ...(await driver(guest, spec))],
    gpu: ({ guest }) => gpuOf(guest, spec.device),
    counters: () => Promise.resolve({}),
    wrap: (command) => command,
    environment: {},
  };
}

/** The CPU's hypervisor bit (a flag in Linux), /sys/hypervisor under Xen, and systemd-detect-virt. */
const DETECT = `grep -qw hypervisor /proc/cpuinfo && echo "CPU flag hypervisor"
[ -r /sys/hypervisor/type ] && cat /sys/hypervisor/type
command -v systemd-detect-virt >/dev/null && systemd-detect-virt
:`;

async function hypervisor(guest: Place, spec: NativeSpec): Promise<Finding> {
  const { exitCode, stdout } = await guest.run(DETECT);
  const signs = stdout
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && line !== 'none');
  const found = signs.length === 0 ? 'no hypervisor found' : `found: ${signs.join(', ')}`;
  if (spec.hypervisor === 'allowed')
    return {
      target: guest.name,
      claim: 'a hypervisor is allowed by the experiment file',
      ok: exitCode === 0,
      evidence: found,
    };
  return {
    target: guest.name,
    claim: 'no hypervisor (otherwise set hypervisor: allowed)',
    ok: exitCode === 0 && signs.length === 0,
    evidence: found,
  };
}

async function driver(guest: Place, spec: NativeSpec): Promise<Finding[]> {
  const { device = '/dev/dri/card0', driver: wanted } = spec;
  if (wanted === undefined) return [];
  const link = `/sys/class/drm/${device.split('/').at(-1) ?? ''}/device/driver`;
  const { stdout, stderr } = await guest.run(`readlink -f ${quote(link)}`);
  const bound = stdout.trim().split('/').at(-1) ?? '';
  return [
    {
      target: guest.name,
      claim: `${device} is bound to ${wanted}`,
      ok: bound === wanted,
      evidence: bound || stderr.trim() || 'no driver',
    },
  ];
}
