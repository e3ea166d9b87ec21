import type { Event } from '../record/event.ts';

/**
 * Whether every visit to a mode in those blocks has evidence, before and after its trials, and it held. The journal
 * is read once, for all that is asked.
 */
export function attestedBy(events: readonly Event[]): (mode: string, blocks: readonly number[]) => boolean {
  const held = new Set<string>();
  for (const event of events)
    if (event.type === 'attested' && event.ok && event.findings.length > 0)
      held.add(JSON.stringify([event.mode, event.block, event.when]));
  const has = (mode: string, block: number, when: string) => held.has(JSON.stringify([mode, block, when]));
  return (mode, blocks) =>
    blocks.length > 0 && blocks.every((block) => has(mode, block, 'before') && has(mode, block, 'after'));
}
