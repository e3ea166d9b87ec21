/** Reading and changing a guest’s xl.cfg. Source: xl.cfg(5). */
import type { Power } from '../power/power.ts';
import type { Remedy } from '../words/examined.ts';
import { quote } from '../words/quote.ts';
import type { Facts } from './facts.ts';

/** Facts: whether it can be read (`config`), and each of its keys, as `xl KEY`. */
export function configFacts(power: Power | undefined, keys: readonly string[]): string {
  if (power?.config === undefined) return ':';
  const file = quote(power.config);
  return `[ -r ${file} ] && printf 'config\\tthere\\n'
for vgb_k in ${keys.join(' ')}; do sed -n "s/^[[:space:]]*$vgb_k[[:space:]]*=[[:space:]]*/xl $vgb_k	/p" ${file} 2>/dev/null | tail -n 1; done`;
}

/** Whether its content is known; a missing file is reported when its guest’s power is checked. */
export const isConfigKnown = (facts: Facts): boolean => facts.get('config') === 'there';

/** The value of a key, without quotes; undefined if missing. */
export function configured(facts: Facts, key: string): string | undefined {
  return facts.get(`xl ${key}`)?.replace(/^["']([^"']*)["'].*$/, '$1');
}

/** The guest's type: pv by default. Before Xen 4.10 the key is `builder`, then `type`. */
export function typeOf(facts: Facts): string {
  const builder = configured(facts, 'builder');
  return configured(facts, 'type') ?? (builder === undefined || builder === 'generic' ? 'pv' : builder);
}

/**
 * A command line that removes lines from it, adds others, and restarts its guest if it is on; undefined if
 * this needs a person: its file is unknown, or a removed value continues on the next line.
 */
export function reconfigure(
  on: string,
  power: Power | undefined,
  facts: Facts,
  drop: readonly string[],
  add: readonly string[],
  isOn: boolean,
): Remedy | undefined {
  const goesOn = drop.some((key) => /^\[[^\]]*$/.test(facts.get(`xl ${key}`) ?? ''));
  if (power?.config === undefined || goesOn) return undefined;
  const file = quote(power.config);
  const edits = [
    `sed -i ${drop.map((key) => `-e '/^[[:space:]]*${key}[[:space:]]*=/d'`).join(' ')} ${file}`,
    ...add.map((line) => `echo ${quote(line)} >>${file}`),
  ].join(' && ');
  return { on, run: isOn ? `${edits} && { ${power.restart}; }` : edits };
}

/** A command line that adds a kernel parameter with GRUB, and reboots the machine. */
export function kernelParameter(parameter: string): string {
  return `echo 'GRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX ${parameter}"' >>/etc/default/grub && update-grub && reboot`;
}
