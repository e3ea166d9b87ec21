import type { Finding } from '../mode/mode.ts';

/** The evidence against a mode, in words; undefined if all of its evidence holds. */
export function againstMode(findings: readonly Finding[]): string | undefined {
  const doubts = findings.filter(({ ok }) => !ok);
  if (doubts.length === 0) return undefined;
  return doubts.map(({ target, claim, evidence }) => `${target}: ${claim} (${evidence})`).join('; ');
}
