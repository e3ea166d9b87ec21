import type { Finding, Mode } from '../mode/mode.ts';
import type { PlannedTrial } from '../plan/plan.ts';
import type { Emit } from '../record/event.ts';
import { againstMode } from './findings.ts';
import type { Placed } from './sites.ts';

/** Evidence during a trial contradicts the mode. */
export class NotAttested extends Error {}

/**
 * Evidence that is only available while the workload runs; once the trial is `over`, it no longer concerns
 * that trial.
 * @throws NotAttested, LinkLost
 */
export async function attestDuring(
  trial: PlannedTrial,
  ask: NonNullable<Mode['attestDuring']>,
  guests: readonly Placed[],
  emit: Emit,
  over: AbortSignal,
): Promise<void> {
  const findings: Finding[] = [];
  for (const { site } of guests) {
    over.throwIfAborted();
    findings.push(...(await ask(site)));
  }
  over.throwIfAborted();
  const against = againstMode(findings);
  const { block, mode, id } = trial;
  emit({ type: 'attested', block, mode, when: 'during', trial: id, ok: against === undefined, findings });
  if (against !== undefined) throw new NotAttested(`not attested while it ran: ${against}`);
}
