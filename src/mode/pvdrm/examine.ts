/**
 * What prevents PVDRM from being entered or attested, checked beforehand. Source: as for dom0.ts and
 * evidence.ts.
 */
import { XEN_FACTS, examineXen, isAsked } from '../../power/xen.ts';
import { type Examined, type Look, amiss, fine } from '../../words/examined.ts';
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
import { BACK, nodes } from './dom0.ts';
import type { PvdrmSpec } from './kind.ts';

const NVIDIA = '0x10de';

/** The intended and the actual address of the kernel: its modules for PVDRM find symbols by System.map. */
const KERNEL = String.raw`printf 'meant\t%s\n' "$(sed -n '/ [Tt] _text$/{s/ .*//p;q;}' "/boot/System.map-$(uname -r)" 2>/dev/null)"
printf 'text\t%s\n' "$(sed -n '/ [Tt] _text$/{s/ .*//p;q;}' /proc/kallsyms 2>/dev/null)"`;

function hostScript({ domain, power }: Site, { device }: PvdrmSpec): string {
  return String.raw`${XEN_FACTS}
${KERNEL}
${driverFacts({ device, vendor: NVIDIA })}
modprobe -n -q pvdrm-back && printf 'module\tthere\n'
${nodes(domain)}
printf 'domid\t%s\n' "$u"
printf 'sequential\t%s\n' "$(cat ${BACK}/parameters/sequential 2>/dev/null)"
printf 'attached\t%s\n' "$(ls /sys/bus/xen-backend/devices 2>/dev/null | grep '^vdrm-' | tr '\n' ' ')"
printf 'display\t%s\n' "$(xenstore-list "/local/domain/$u/device/vdispl" 2>/dev/null | tr '\n' ' ')"
${configFacts(power, ['type', 'builder', 'vdispl', 'pci'])}
:`;
}

const GUEST = String.raw`printf 'uid\t%s\n' "$(id -u)"
${KERNEL}
modprobe -n -q pvdrm-front && printf 'module\tthere\n'
[ -d /sys/module/pvdrm_front ] && printf 'loaded\tyes\n'
:`;

/** @throws LinkLost */
export async function examinePvdrm(
  name: string,
  spec: PvdrmSpec,
  site: Site,
  isOn: boolean,
): Promise<Examined[]> {
  const host = hostOf(site);
  const [inDom0, inGuest] = await Promise.all([
    factsOf(host, hostScript(site, spec)),
    isOn ? factsOf(site.guest, GUEST) : undefined,
  ]);
  const at = (target: string, looks: Look[]) => looks.map((look) => ({ target, ...look }));
  if (!isAsked(inDom0)) return at(host.name, examineXen(inDom0, host.name, site.guest.name));
  const held = attachment(name, spec, site, inDom0);
  const own = [
    examineDriver(
      host.name,
      inDom0,
      { device: spec.device, driver: 'nouveau', vendor: NVIDIA },
      `modes.${name}.device`,
    ),
    moduleLook('pvdrm-back', host.name, inDom0),
    held,
    type(site, inDom0),
    display(site, inDom0),
    passedThrough(site, inDom0),
    ...kaslr(host.name, inDom0),
  ];
  // An attached guest has its front-end loaded for that, which is reported once only.
  const guest = inGuest === undefined ? [] : guestLooks(site.guest.name, inGuest, !held.ok);
  return [...at(host.name, own), ...at(site.guest.name, guest)];
}

function guestLooks(guest: string, facts: Facts, isHeld: boolean): Look[] {
  if (facts.get('uid') !== '0')
    return [
      amiss('the login user is root', `user ${facts.get('uid') ?? 'unknown'}`, 'log in as root (root@HOST)', {
        key: `targets.${guest}.ssh`,
        value: undefined,
      }),
    ];
  const what = 'pvdrm-front is not loaded yet, because its options are set on loading';
  const loaded =
    facts.get('loaded') === 'yes' && !isHeld
      ? amiss(what, 'it is loaded', 'prevent it from being loaded at boot', {
          on: guest,
          run: 'echo blacklist pvdrm-front >/etc/modprobe.d/pvdrm.conf && reboot',
        })
      : fine(what, isHeld ? 'it is attached' : 'it is not');
  return [moduleLook('pvdrm-front', guest, facts), loaded, ...kaslr(guest, facts)];
}

function moduleLook(module: string, on: string, facts: Facts): Look {
  const what = `${module} can be loaded`;
  if (facts.get('module') === 'there') return fine(what, 'modprobe finds it');
  const how = `build it for the kernel of ${on} and install it; then (also if it is already installed)`;
  return amiss(what, 'modprobe finds no such module for the running kernel', how, { on, run: 'depmod -a' });
}

/**
 * The guests that the back-end serves now. It keeps its option as long as it is loaded, and stays loaded as
 * long as it serves.
 */
function attachment(
  name: string,
  { sequential }: PvdrmSpec,
  { domain, power, ...site }: Site,
  facts: Facts,
): Look {
  const what = `the back-end is free to serve ${domain} with sequential=${sequential ? 1 : 0}`;
  const attached = (facts.get('attached') ?? '').split(' ').filter((one) => one !== '');
  const domid = facts.get('domid') ?? '';
  const own = `vdrm-${domid}-0`;
  if (domid !== '' && attached.includes(own)) {
    const restart = power?.restart ?? 'restart it';
    return amiss(what, `it already serves it: ${own}`, 'stop it, and then restart the guest', {
      on: hostOf({ domain, ...site }).name,
      run: `xenstore-write /local/domain/${domid}/device/vdrm/0/state 6; while [ -e /sys/bus/xen-backend/devices/${own} ]; do sleep 1; done; ${restart}; xenstore-rm /local/domain/0/backend/vdrm/${domid}`,
    });
  }
  const loaded = facts.get('sequential') ?? '';
  if (attached.length === 0 || loaded === '' || (loaded !== '0') === sequential)
    return fine(what, attached.length === 0 ? 'it serves no guest' : `it serves ${attached.join(', ')}`);
  return amiss(
    what,
    `it serves ${attached.join(', ')} with sequential=${loaded}`,
    'detach that guest, or use',
    {
      key: `modes.${name}.sequential`,
      value: loaded === '0' ? 'false' : 'true',
    },
  );
}

/** For a PV guest the domctl that maps VRAM succeeds without mapping anything. */
function type({ power, domain, ...site }: Site, facts: Facts): Look {
  const what = `Xen translates the memory of ${domain}`;
  if (!isConfigKnown(facts)) return fine(what, 'its xl.cfg is unknown: checked when the mode is entered');
  const found = typeOf(facts);
  if (found !== 'pv') return fine(what, `its type is ${found}`);
  return amiss(
    what,
    'it is a PV guest, in which faults on VRAM map nothing',
    'make it an HVM guest',
    reconfigure(
      hostOf({ domain, ...site }).name,
      power,
      facts,
      ['type', 'builder'],
      ['builder = "hvm"'],
      isUp(facts),
    ),
  );
}

/** Xen’s PV display (drm_xen_front and displ_be) is sometimes also called PV DRM. */
function display({ power, domain, ...site }: Site, facts: Facts): Look {
  const what = `${domain} has no PV display of Xen, which is not PVDRM`;
  const has = (facts.get('display') ?? '') !== '' || configured(facts, 'vdispl') !== undefined;
  if (!has) return fine(what, 'no vdispl');
  return amiss(
    what,
    'vdispl: Xen’s PV display (drm_xen_front) only displays, does not compute, and would be mistaken for its card',
    'remove it',
    reconfigure(hostOf({ domain, ...site }).name, power, facts, ['vdispl'], [], isUp(facts)),
  );
}

function passedThrough({ power, domain, ...site }: Site, facts: Facts): Look {
  const what = `the GPU is not passed through to ${domain}`;
  const [address] = (facts.get('gpu') ?? '').split(' ');
  const passed = facts.get('xl pci') ?? '';
  // An address there may lack its domain.
  const short = (address ?? '').replace(/^0000:/, '');
  if (/^\[[^\]]*$/.test(passed))
    return fine(what, 'its xl.cfg lists devices over several lines, which is not supported');
  if (short === '' || !passed.includes(short)) return fine(what, 'not according to its xl.cfg');
  return amiss(
    what,
    `pci = ${passed}`,
    'remove it',
    reconfigure(hostOf({ domain, ...site }).name, power, facts, ['pci'], [], isUp(facts)),
  );
}

const isUp = (facts: Facts) => (facts.get('domid') ?? '') !== '';

/** Nothing if it can’t be determined: without a System.map, or if the kernel hides its address. */
function kaslr(on: string, facts: Facts): Look[] {
  const [text = '', meant = ''] = [facts.get('text'), facts.get('meant')];
  if (!/^[0-9a-f]{8,16}$/.test(meant) || !/^[0-9a-f]{8,16}$/.test(text) || /^0+$/.test(text)) return [];
  const what = 'the kernel is at the address in its System.map';
  if (text === meant) return [fine(what, text)];
  return [
    amiss(what, `it is at ${text} (KASLR) instead of ${meant}`, 'boot it with nokaslr', {
      on,
      run: kernelParameter('nokaslr'),
    }),
  ];
}
