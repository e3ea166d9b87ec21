import type { RunRecord } from '../record/run-record.ts';
import type { Warning } from './warning.ts';

/** Trials that are in no figure until they are run again, since their session was cut off before they were proved. */
export function unprovedTrials({ trials }: RunRecord): Warning[] {
  const ids = [...trials].flatMap(([id, { unproved }]) => (unproved === true ? [id] : []));
  if (ids.length === 0) return [];
  const some =
    ids.length === 1
      ? `${ids.join()} had`
      : `${ids.slice(0, 5).join(', ')}${ids.length > 5 ? ` and ${ids.length - 5} more` : ''} had`;
  const text = `${some} completed when the session was cut off, before the mode was attested after ${ids.length === 1 ? 'it' : 'them'}: nothing proves that it held, so that ${ids.length === 1 ? 'it is' : 'they are'} in no figure. vgpubench resume takes ${ids.length === 1 ? 'it' : 'them'} again`;
  return [{ code: 'unproved-trials', text }];
}

/** Whether every visit to a mode in those blocks has evidence, before and after its trials, and it held. */
export function attestedBy({ visits }: RunRecord): (mode: string, blocks: readonly number[]) => boolean {
  const held = new Set<string>();
  for (const { mode, block, attestations } of visits)
    for (const { when, ok, findings } of attestations)
      if (ok && findings.length > 0) held.add(JSON.stringify([mode, block, when]));
  const has = (mode: string, block: number, when: string) => held.has(JSON.stringify([mode, block, when]));
  return (mode, blocks) =>
    blocks.length > 0 && blocks.every((block) => has(mode, block, 'before') && has(mode, block, 'after'));
}
