/** What prevents XenGT from being entered or attested, checked beforehand. Source: as for evidence.ts. */
import { XEN_FACTS, examineXen, isAsked } from '../../power/xen.ts';
import { type Examined, type Look, amiss, fine } from '../../words/examined.ts';
import { quote } from '../../words/quote.ts';
import { debugfsFact, examineDebugfs } from '../debugfs-look.ts';
import { driverFacts, examineDriver } from '../driver.ts';
import { type Facts, factsOf } from '../facts.ts';
import { hostOf } from '../host.ts';
import type { Site } from '../mode.ts';
import {
  configFacts,
  configured,
  isConfigKnown,
  kernelParameter,
  reconfigure,
  typeOf,
} from '../xl-config.ts';
import { isSize } from './evidence.ts';
import { MIB, type XengtSpec } from './kind.ts';

const GPU = { device: '/dev/dri/card0', driver: 'i915', vendor: '0x8086' };
/** What its i915 needs for Linux, in MiB. */
const LEAST_APERTURE_MIB = 64;
const OWN = ['vgt', 'vgt_low_gm_sz', 'vgt_high_gm_sz', 'vgt_fence_sz'];

const DEBUGFS = '/sys/kernel/debug/vgt';

function script({ domain, power }: Site): string {
  return String.raw`${XEN_FACTS}
${driverFacts(GPU)}
u=$(xl domid ${quote(domain)} 2>/dev/null) || u=
v=/sys/kernel/vgt/vm$u
printf 'domid\t%s\n' "$u"
[ -d /sys/kernel/vgt/control ] && printf 'control\tyes\n'
{ [ -e /sys/module/i915/parameters/vgt ] || modinfo -F parm i915 2>/dev/null | grep -q '^vgt:'; } && printf 'parameter\tyes\n'
${debugfsFact(DEBUGFS)}
printf 'switch\t%s\n' "$(cat /sys/kernel/vgt/control/ctx_switch 2>&1)"
printf 'left\t%s\n' "$(head -n 1 /sys/kernel/vgt/control/available_resource 2>&1)"
printf 'aperture\t%s\n' "$(cat $v/aperture_sz 2>/dev/null)"
printf 'memory\t%s\n' "$(cat $v/gm_sz 2>/dev/null)"
${configFacts(power, ['type', 'builder', 'device_model_version', ...OWN])}
:`;
}

/** Before its guest is created with an instance, everything to check is in dom0. @throws LinkLost */
export async function examineXengt(name: string, spec: XengtSpec, site: Site): Promise<Examined[]> {
  const host = hostOf(site);
  const facts = await factsOf(host, script(site));
  const at = (looks: Look[]) => looks.map((look) => ({ target: host.name, ...look }));
  if (!isAsked(facts)) return at(examineXen(facts, host.name, site.guest.name));
  const own = [examineDriver(host.name, facts, GPU, undefined), ...config(site, facts)];
  if (facts.get('control') !== 'yes') return at([...own, absent(host.name, facts)]);
  return at([
    ...own,
    switching(host.name, facts),
    examineDebugfs('vGT’s counters can be read', DEBUGFS, host.name, facts),
    ...room(name, spec, site, facts),
  ]);
}

const ENABLED = 'dom0’s vGT is enabled';

function absent(on: string, facts: Facts): Look {
  const found = 'no /sys/kernel/vgt/control';
  if (facts.get('parameter') !== 'yes')
    return amiss(
      ENABLED,
      `${found}, and i915 has no parameter vgt`,
      `boot ${on} with a kernel that has vGT: one of Intel’s releases, or of XenGT-Preview, whose module is xen_vgt`,
    );
  return amiss(ENABLED, found, 'boot it with i915.vgt=1', {
    on,
    run: kernelParameter('i915.vgt=1 i915.hvm_boot_foreground=1'),
  });
}

function switching(on: string, facts: Facts): Look {
  const found = facts.get('switch') ?? 'not reported';
  if (found === 'VGT context switch: enabled') return fine('vGT switches contexts', found);
  return amiss('vGT switches contexts', found, 'enable that', {
    on,
    run: 'echo 1 >/sys/kernel/vgt/control/ctx_switch',
  });
}

/** A device model has to be there that knows vGT, which only HVM guests have. */
function config({ power, domain, ...site }: Site, facts: Facts): Look[] {
  if (!isConfigKnown(facts)) return [];
  const on = hostOf({ domain, ...site }).name;
  const isOn = (facts.get('domid') ?? '') !== '';
  const type = typeOf(facts);
  const model = configured(facts, 'device_model_version') ?? 'qemu-xen';
  const kind = `${domain} is an HVM guest`;
  return [
    type === 'hvm'
      ? fine(kind, 'according to its xl.cfg')
      : amiss(
          kind,
          `its type is ${type}`,
          'make it an HVM guest',
          reconfigure(on, power, facts, ['type', 'builder'], ['builder = "hvm"'], isOn),
        ),
    model === 'qemu-xen'
      ? fine('its device model is qemu-xen', model)
      : amiss(
          'its device model is qemu-xen',
          model,
          'change it',
          reconfigure(
            on,
            power,
            facts,
            ['device_model_version'],
            ['device_model_version = "qemu-xen"'],
            isOn,
          ),
        ),
  ];
}

/** For the instance that it has, which is left unchanged; else for one that is still available. */
function room(name: string, spec: XengtSpec, { power, domain, ...site }: Site, facts: Facts): Look[] {
  const asked = {
    aperture: spec.aperture / MIB,
    'graphics-memory': spec['graphics-memory'] / MIB,
    fences: spec.fences,
  };
  if ((facts.get('aperture') ?? '') !== '') {
    const what = `its instance has an aperture of ${asked.aperture} MiB, and ${asked['graphics-memory']} MiB more`;
    const found = `aperture_sz ${facts.get('aperture') ?? ''}, gm_sz ${facts.get('memory') ?? ''}`;
    if (
      isSize(facts.get('aperture'), asked.aperture) &&
      isSize(facts.get('memory'), asked.aperture + asked['graphics-memory'])
    )
      return [fine(what, found)];
    return [
      amiss(
        what,
        found,
        'let the mode create one, or ask for the same in the experiment file',
        reconfigure(hostOf({ domain, ...site }).name, power, facts, OWN, [], true),
      ),
    ];
  }
  const words = (facts.get('left') ?? '').split(' ').map(Number);
  const left = { aperture: words[1], 'graphics-memory': words[3], fences: words[5] };
  return (['aperture', 'graphics-memory', 'fences'] as const).map((key) => {
    const unit = key === 'fences' ? '' : 'MiB';
    const what = `vGT has ${asked[key]}${unit} of ${key} left for ${domain}`;
    const has = left[key];
    if (has === undefined || Number.isNaN(has)) return fine(what, 'available_resource does not say');
    if (has >= asked[key]) return fine(what, `${has}${unit}`);
    const shut = 'shut down a guest that has an instance (ls -d /sys/kernel/vgt/vm*)';
    return has < (key === 'aperture' ? LEAST_APERTURE_MIB : 1)
      ? amiss(what, `${has}${unit}`, shut)
      : amiss(what, `${has}${unit}`, `${shut}, or ask for less`, {
          key: `modes.${name}.${key}`,
          value: `${has}${unit}`,
        });
  });
}
