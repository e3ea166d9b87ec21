import { type ProgramOfWorkload, fingerprintScript, parseFingerprint } from '../environment/fingerprint.ts';
import { Problem } from '../problem.ts';
import type { Emit } from '../record/event.ts';
import { LinkLost } from '../target/link.ts';
import type { Target } from '../target/target.ts';
import { linkIncident } from './sites.ts';

/** Asks a target what it is. @throws LinkLost, Problem */
export type Greet = (target: Pick<Target, 'name' | 'facts' | 'run'>) => Promise<void>;

/** A link that is lost more often than this while a target is greeted is not worth another try. */
const PATIENCE = 3;

/** Sees to a connection, and greets; again where the link is lost on the way, since nothing is changed by it. @throws LinkLost, Problem */
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

/** Sees to a connection and greets, or tells that there is none: one that can't be reached costs its own trials only. */
export async function meet(target: Target, greet: Greet, emit: Emit): Promise<void> {
  try {
    // Attempts that are followed by another are no news; the last one's words are told below.
    await reach(target, greet, () => undefined);
  } catch (error) {
    if (!(error instanceof LinkLost)) throw error;
    linkIncident(target, error, emit);
  }
}

/** @throws Problem where none of the targets answers: a plan would only be a list of failures. */
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
    expected: 'an SSH connection to each',
    found: lost
      .map(({ name, unreachable }) => `${name}: ${unreachable.found ?? unreachable.message}`)
      .slice(0, 3)
      .join('; '),
    next: `${lost[0]?.unreachable.next ?? ''}; vgpubench doctor FILE looks at each of them, and vgpubench resume goes on with this run`,
    exitCode: 4,
  });
}

/**
 * Greets targets, and writes down what each is: the first time, and again after each boot.
 * @param sameMachine Whether two of them may be one machine, by its boot id.
 * @param programs Of workloads, on a target: digests of them are among what it is.
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
    message: `targets ${one} and ${other} are one machine`,
    expected:
      'a machine each: what runs on one of them would disturb the other, and a comparison of the two says nothing',
    found: `the same boot id, ${boot}`,
    next: 'correct the address of one of them; where it is meant, write at the top of the experiment file: same-machine: allowed',
  });
}
