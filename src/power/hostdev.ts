/**
 * Devices of a host in the configuration of a libvirt guest. Source: libvirt’s docs/formatdomain, and
 * virsh(1) of 9.0.
 */
import { quote } from '../words/quote.ts';
import { letGo } from './limits.ts';
import type { HostDevice, Lend } from './power.ts';

interface Hostdev {
  xml: string;
  /** What identifies it in libvirt's output. */
  source: string;
}

/** managed="no": libvirt leaves the driver to us. */
function hostdev(device: HostDevice): Hostdev {
  if ('mdev' in device) {
    const source = `<address uuid='${device.mdev}'/>`;
    const kind = "type='mdev' managed='no' model='vfio-pci' display='off'";
    return { xml: `<hostdev mode='subsystem' ${kind}><source>${source}</source></hostdev>`, source };
  }
  const [domain = '', bus = '', slot = '', number = ''] = device.pci.split(/[:.]/);
  const source = `<address domain='0x${domain}' bus='0x${bus}' slot='0x${slot}' function='0x${number}'/>`;
  const kind = "type='pci' managed='no'";
  return { xml: `<hostdev mode='subsystem' ${kind}><source>${source}</source></hostdev>`, source };
}

/**
 * Through the guest’s own configuration, which the next start uses: the device is added to it, and removed
 * again. If libvirt does not answer, nothing is known, and all of them fail.
 * @param tool virsh, connected
 * @param id prints the guest’s id, or a dash if it is off
 */
export function lendByLibvirt(
  tool: string,
  domain: string,
  id: string,
  devices: readonly HostDevice[],
): Lend {
  const all = devices.map(hostdev);
  const name = quote(domain);
  const read = (which: string) => `vgb_x=$(${tool} dumpxml${which} ${name})`;
  const each = all.map(({ source }) => `case $vgb_x in *${quote(source)}*) ;; *) false ;; esac`).join(' && ');
  const change = (verb: string, { xml }: Hostdev, where = '--config') =>
    `printf %s ${quote(xml)} | ${tool} ${verb} ${name} /dev/stdin ${where} || exit 1`;
  const gone = (source: string) =>
    `{ ${read('')} || exit 1; case $vgb_x in *${quote(source)}*) false ;; esac; }`;
  const lines = (of: (device: Hostdev) => string) => all.map(of).join('\n');
  return {
    has: `{ vgb_id=${id} && [ "$vgb_id" != - ] && ${read('')} && ${each}; }`,
    own: `{ ${read(' --inactive')} && ${each}; }`,
    start: `vgb_id=${id} && ${read(' --inactive')} || exit 1
[ "$vgb_id" = - ] || exit 0
${lines((device) => `case $vgb_x in *${quote(device.source)}*) ;; *) ${change('attach-device', device)} ;; esac`)}
${tool} start ${name}`,
    takeBack: `${read(' --inactive')} || exit 1
${lines((device) => `case $vgb_x in *${quote(device.source)}*) ${change('detach-device', device)} ;; esac`)}`,
    attach: lines((device) => change('attach-device', device, '--live')),
    // If it is off, its configuration is all it has. It releases the device some time after the request.
    detach: `vgb_id=${id} || exit 1
[ "$vgb_id" != - ] || exit 0
${lines((device) => `${gone(device.source)} || ${change('detach-device', device, '--live')}\n${letGo(gone(device.source))}`)}`,
  };
}
