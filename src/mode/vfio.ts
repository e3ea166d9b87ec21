/**
 * PCI devices that vfio-pci holds for guests. Source: Linux, Documentation/driver-api/vfio.rst, and
 * Documentation/ABI/testing/sysfs-bus-pci.
 */
import { driverOf, pciDevice, put } from './sysfs.ts';

/** A device as it was found. */
export interface Found {
  address: string;
  /** The driver that it was bound to; empty if it had none. */
  driver: string;
  /** The only driver that may have it, if one was named; else empty. */
  override: string;
}

/** Prints a line with a device’s driver and its override, separated by a bar. */
export function found(address: string): string {
  // Without an override, the kernel prints (null).
  return `printf '%s|%s|%s\\n' ${address} "$(${driverOf(address)})" "$(sed 's/^(null)$//' ${pciDevice(address)}/driver_override)"`;
}

/** Reads the lines above. */
export function foundIn(stdout: string, addresses: readonly string[]): Found[] {
  const lines = stdout.split('\n').map((line) => line.split('|'));
  return addresses.map((address) => {
    const [, driver = '', override = ''] = lines.find(([first]) => first === address) ?? [];
    return { address, driver, override };
  });
}

/** Binds it to vfio-pci: no other driver may have it from then on, and the current one releases it. */
export function bind({ address }: Found): string {
  const at = pciDevice(address);
  return `modprobe vfio-pci && ${put('vfio-pci', `${at}/driver_override`)} || exit 1
[ "$(${driverOf(address)})" = vfio-pci ] && exit 0
[ ! -e ${at}/driver ] || ${put(address, `${at}/driver/unbind`)} || exit 1
${put(address, '/sys/bus/pci/drivers_probe')}
vgb_d=$(${driverOf(address)})
[ "$vgb_d" = vfio-pci ] || { echo "${address} is bound to \${vgb_d:-no driver}, not to vfio-pci" >&2; exit 1; }`;
}

/** Binds it to its original driver. */
export function giveBack({ address, driver, override }: Found): string {
  const at = pciDevice(address);
  return `[ "$(${driverOf(address)})" != vfio-pci ] || ${put(address, `${at}/driver/unbind`)} || exit 1
${put(override, `${at}/driver_override`)} || exit 1
${driver === '' ? ':' : `[ -e ${at}/driver ] || ${put(address, `/sys/bus/pci/drivers/${driver}/bind`)}`}`;
}
