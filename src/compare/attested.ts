import type { RunRecord } from '../record/run-record.ts';

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
