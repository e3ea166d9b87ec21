import type { RunRecord } from '../record/run-record.ts';
import type { Warning } from './warning.ts';

/** Trials that are excluded until they are rerun, because their session ended before they were attested. */
export function unprovedTrials({ trials }: RunRecord): Warning[] {
  const ids = [...trials].flatMap(([id, { unproved }]) => (unproved === true ? [id] : []));
  if (ids.length === 0) return [];
  const more = ids.length > 5 ? ` and ${ids.length - 5} more` : '';
  const text = `excluded, because the session ended before the mode was attested after these trials: ${ids.slice(0, 5).join(', ')}${more}. To run them again: vgpubench resume`;
  return [{ code: 'unproved-trials', text }];
}

/** Caveats about figures from attestations that hold, once per mode. */
export function caveatsOf({ visits }: Pick<RunRecord, 'visits'>): Warning[] {
  const found = visits.flatMap(({ mode, attestations }) =>
    attestations
      .flatMap(({ findings }) => findings)
      .flatMap(({ caveat }) =>
        caveat === undefined ? [] : [{ code: caveat.code, text: `${mode}: ${caveat.text}` }],
      ),
  );
  return [...new Map(found.map((one) => [`${one.code} ${one.text}`, one])).values()];
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
