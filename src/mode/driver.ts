/** Which driver a GPU is bound to, and how to bind it to another. */
import { type Look, amiss, fine } from '../words/examined.ts';
import { quote } from '../words/quote.ts';
import { type Facts, listOf } from './facts.ts';
import { PCI_ADDRESS, pciDevice } from './sysfs.ts';

interface Wanted {
  /** Its device node, such as /dev/dri/card0. */
  device: string;
  driver: string;
  /** Its vendor’s PCI ID, such as 0x10de; empty for any. */
  vendor: string;
}

/**
 * Facts: each card with its driver and vendor; the PCI address and driver of the one behind the node, or of
 * the only one.
 */
export function driverFacts({ device, vendor }: Omit<Wanted, 'driver'>): string {
  const node = `/sys/class/drm/${device.split('/').at(-1) ?? ''}/device`;
  return String.raw`vgb_of() { printf '%s %s %s' "$(basename "$(readlink -f "$1")")" "$(basename "$(readlink "$1/driver" || echo none)")" "$(cat "$1/vendor" 2>/dev/null)"; }
printf 'cards\t%s\n' "$(for vgb_c in /sys/class/drm/card[0-9]*; do [ -e "$vgb_c/device" ] && printf '%s %s,' "$(basename "$vgb_c")" "$(vgb_of "$vgb_c/device")"; done)"
vgb_n=${quote(node)}
if [ -e "$vgb_n" ]; then printf 'node\tthere\n'
else
  set --
  for vgb_d in /sys/bus/pci/devices/*; do
    case $(cat "$vgb_d/class" 2>/dev/null) in 0x03*) ;; *) continue ;; esac
    case $(cat "$vgb_d/vendor") in ${vendor || '*'}) set -- "$@" "$vgb_d" ;; esac
  done
  [ $# = 1 ] && vgb_n=$1 || vgb_n=
fi
printf 'gpu\t%s\n' "$([ -z "$vgb_n" ] || vgb_of "$vgb_n")"`;
}

/** @param key of the mode’s option that names the device; undefined where it has none */
export function examineDriver(
  target: string,
  facts: Facts,
  { device, driver, vendor }: Wanted,
  key: string | undefined,
): Look {
  const what = `${driver} drives ${device}`;
  const [address = '', bound = '', made = ''] = (facts.get('gpu') ?? '').split(' ');
  const isIts = vendor === '' || made === vendor;
  const isThere = facts.get('node') === 'there';
  if (isThere && isIts && bound === driver) return fine(what, `${address}, bound to ${bound}`);
  const found =
    address === '' || (!isThere && bound === driver) ? 'no such device' : `${address} is bound to ${bound}`;
  const cards = listOf(facts.get('cards'));
  const other = cards.find(([, , by, of]) => by === driver && (vendor === '' || of === vendor))?.[0];
  if (other !== undefined && key !== undefined)
    return amiss(what, found, 'name the device that it drives', { key, value: `/dev/dri/${other}` });
  if (!isIts || bound === driver || !PCI_ADDRESS.test(address))
    return amiss(what, found, `see to it that ${driver} drives the GPU, and that its node is ${device}`);
  return amiss(what, found, `bind it to ${driver}`, { on: target, run: bind(address, driver) });
}

/**
 * The current driver releases it; the wanted one is offered the device if it is loaded, else takes it on
 * loading.
 */
function bind(address: string, driver: string): string {
  const at = pciDevice(address);
  return `[ ! -e ${at}/driver ] || echo ${address} >${at}/driver/unbind; [ ! -e ${at}/driver_override ] || echo ${driver} >${at}/driver_override; echo ${address} >/sys/bus/pci/drivers_probe; modprobe ${quote(driver)}`;
}
