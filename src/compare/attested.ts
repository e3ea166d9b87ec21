import type { Event } from '../record/event.ts';

/** Every visit to a mode in those blocks has evidence, before and after its trials, and it held. */
export function attested(events: readonly Event[], mode: string, blocks: readonly number[]): boolean {
  const proofs = events.filter((event) => event.type === 'attested').filter((proof) => proof.mode === mode);
  const held = (block: number, when: string) =>
    proofs.some(
      (proof) => proof.block === block && proof.when === when && proof.ok && proof.findings.length > 0,
    );
  return blocks.length > 0 && blocks.every((block) => held(block, 'before') && held(block, 'after'));
}
