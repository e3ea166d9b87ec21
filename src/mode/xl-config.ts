/** What a guest’s xl.cfg says, and how it is made to say something else. Source: xl.cfg(5). */
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

/** Whether what it says is known; a file that is not there is told of where its guest’s power is looked at. */
export const isConfigKnown = (facts: Facts): boolean => facts.get('config') === 'there';

/** The value of a key, without quotes; undefined where it is not there. */
export function configured(facts: Facts, key: string): string | undefined {
  return facts.get(`xl ${key}`)?.replace(/^["']([^"']*)["'].*$/, '$1');
}

/** How its memory is had: pv where nothing else is said. Before Xen 4.10 `builder` says it, and `type` after. */
export function typeOf(facts: Facts): string {
  const builder = configured(facts, 'builder');
  return configured(facts, 'type') ?? (builder === undefined || builder === 'generic' ? 'pv' : builder);
}

/**
 * A command line that takes lines out of it, adds others, and restarts its guest where that is on; undefined where it takes
 * a person: its file is not known, or a value that is taken out goes on in the next line.
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

/** A command line that gives a machine's kernel a parameter, by GRUB, and boots it. */
export function kernelParameter(parameter: string): string {
  return `echo 'GRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX ${parameter}"' >>/etc/default/grub && update-grub && reboot`;
}
