import { type ProgramOfWorkload, fingerprintScript, parseFingerprint } from '../environment/fingerprint.ts';
import { Problem } from '../problem.ts';
import type { Emit } from '../record/event.ts';
import { LinkLost } from '../target/link.ts';
import type { Target } from '../target/target.ts';
import { linkIncident } from './sites.ts';

/** Asks a target about itself. @throws LinkLost, Problem */
export type Greet = (target: Pick<Target, 'name' | 'facts' | 'run'>) => Promise<void>;

/** A link that is lost more often than this while a target is greeted is not worth another try. */
const PATIENCE = 3;

/**
 * Ensures a connection, and greets; repeats that if the link is lost, because greeting changes nothing.
 * @throws LinkLost, Problem
 */
export async function reach(target: Target, greet: Greet, onLost: (error: LinkLost) => void): Promise<void> {
  for (let tries = 1; ; tries++) {
    await target.reconnect(onLost);
    try {
      await greet(target);
      return;
    } catch (error) {
      if (!(error instanceof LinkLost) || tries === PATIENCE) throw error;
      onLost(error);
    }
  }
}

/**
 * Ensures a connection and greets, or reports that there is none: an unreachable target only costs its own
 * trials.
 */
export async function meet(target: Target, greet: Greet, emit: Emit): Promise<void> {
  try {
    // Failed attempts that are retried are not reported; the error of the last one is.
    await reach(target, greet, () => undefined);
  } catch (error) {
    if (!(error instanceof LinkLost)) throw error;
    linkIncident(target, error, emit);
  }
}

/** @throws Problem if none of the targets answers: the run would only be a list of failures. */
export function requireAnswer(targets: readonly Target[]): void {
  const lost = targets.flatMap(({ name, unreachable }) =>
    unreachable === undefined ? [] : [{ name, unreachable }],
  );
  if (targets.length === 0 || lost.length < targets.length) return;
  throw new Problem({
    code: 'VGB-NO-TARGET',
    message:
      targets.length === 1
        ? `the target ${targets[0]?.name ?? ''} does not answer`
        : `none of the ${targets.length} targets answers`,
    expected: 'an SSH connection to each of them',
    found: lost
      .map(({ name, unreachable }) => `${name}: ${unreachable.found ?? unreachable.message}`)
      .slice(0, 3)
      .join('; '),
    next: `${lost[0]?.unreachable.next ?? ''}; to check every target: vgpubench doctor FILE; to continue this run: vgpubench resume`,
    exitCode: 4,
  });
}

/**
 * Greets targets, and records what each is: the first time, and again after each boot.
 * @param sameMachine Whether two of them may be the same machine, by boot id.
 * @param programs Workload programs on a target, whose digests are among its facts.
 */
export function greeter(
  emit: Emit,
  sameMachine: 'refused' | 'allowed',
  programs: (target: string) => readonly ProgramOfWorkload[] = () => [],
): Greet {
  const known = new Map<string, string>();
  /** The target that was found in each boot. */
  const boots = new Map<string, string>();
  return async (target) => {
    const { shell, clock, containment, scratch, boot, remarks } = await target.facts();
    const other = boots.get(boot) ?? target.name;
    if (boot !== '' && other !== target.name && sameMachine === 'refused')
      throw oneMachine(other, target.name, boot);
    boots.set(boot, target.name);
    const state = `${boot} ${scratch ?? ''}`;
    if (known.get(target.name) === state) return;
    const { stdout } = await target.run(fingerprintScript(programs(target.name)));
    known.set(target.name, state);
    const fingerprint = parseFingerprint(stdout);
    emit({ type: 'target-ready', target: target.name, shell, clock, containment, scratch, fingerprint });
    for (const text of remarks)
      emit({ type: 'incident', kind: 'target', target: target.name, trial: null, text });
  };
}

function oneMachine(one: string, other: string, boot: string): Problem {
  return new Problem({
    code: 'VGB-SAME-MACHINE',
    message: `targets ${one} and ${other} are the same machine`,
    expected:
      'different machines, because what runs on one would disturb the other and make the comparison meaningless',
    found: `the same boot id, ${boot}`,
    next: 'correct the address of one of them; if this is intended, add to the experiment file: same-machine: allowed',
  });
}
