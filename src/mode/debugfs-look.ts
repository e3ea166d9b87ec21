/** Whether debugfs, from which a mode reads evidence, is mounted; checked beforehand. */
import { type Look, amiss, fine } from '../words/examined.ts';
import type { Facts } from './facts.ts';

/** A fact. @param folder exists once it is mounted */
export const debugfsFact = (folder: string): string => `[ -d ${folder} ] && printf 'debugfs\\tyes\\n'`;

/** @param what can be read then */
export function examineDebugfs(what: string, folder: string, on: string, facts: Facts): Look {
  if (facts.get('debugfs') === 'yes') return fine(what, `${folder} is there`);
  return amiss(what, `no ${folder}`, 'mount debugfs', { on, run: 'mount -t debugfs none /sys/kernel/debug' });
}
