/** Programs that modes and workloads need on targets, and whether they are present. */
import type { ProgramOfWorkload } from '../environment/fingerprint.ts';
import type { Experiment } from '../experiment/schema.ts';
import { guestsOf } from '../mode/kind.ts';
import { modeKindOf } from '../mode/kinds.ts';
import { powerKindOf } from '../power/kinds.ts';
import type { Target } from '../target/target.ts';
import { type Need, programOf } from '../words/need.ts';
import { quote } from '../words/quote.ts';
import { workloadName } from '../workload/kind.ts';
import { workloadKindOf } from '../workload/kinds.ts';

/** A need of one mode or workload, or of a guest's power, on one target. */
export interface NeedHere extends Need {
  of: { mode: string } | { workload: string } | Record<string, never>;
  what: string;
}

/** Everything that is needed on a target. */
export function needsAt(target: string, { modes, workloads, targets }: Experiment): NeedHere[] {
  const ofModes = Object.entries(modes).flatMap(([name, mode]) => {
    const guests = guestsOf(mode);
    const isAt = {
      guest: guests.includes(target),
      host: guests.some((one) => targets[one]?.host === target),
    };
    const of = { mode: name };
    const needs = modeKindOf(mode)
      .needs(mode)
      .filter(({ at }) => isAt[at]);
    const { neighbour } = mode;
    return [
      ...needs.map((need) => ({ ...need, of, what: `mode ${name}` })),
      ...(neighbour?.on.includes(target) === true
        ? [{ at: 'guest' as const, program: programOf(neighbour.run), of, what: `neighbour of mode ${name}` }]
        : []),
    ];
  });
  const runsHere = Object.values(modes).some(({ on }) => on.includes(target));
  const ofWorkloads = workloads.flatMap((spec) => {
    const workload = workloadName(spec);
    return workloadKindOf(spec)
      .needs(spec)
      .map((need) => ({ ...need, of: { workload }, what: `workload ${workload}` }));
  });
  const ofPower = Object.entries(targets).flatMap(([name, { host, power }]) => {
    if (host !== target || power === undefined) return [];
    const { programs, commands } = powerKindOf(power);
    const own = commands?.(power) ?? [];
    const need = { at: 'host' as const, of: {}, what: `power of ${name}` };
    return [
      ...programs.map((program) => ({ ...need, program })),
      ...own.map((program) => ({ ...need, program, ofUser: true })),
    ];
  });
  return [...ofModes, ...ofPower, ...(runsHere ? ofWorkloads : [])];
}

/** What the workloads run on a target. */
export function programsAt(target: string, experiment: Experiment): ProgramOfWorkload[] {
  return needsAt(target, experiment).flatMap(({ of, program, directory }) =>
    'workload' in of ? [{ workload: of.workload, program, directory }] : [],
  );
}

/**
 * The path of each of these programs, in the same order; undefined if missing. One request. @throws LinkLost
 */
export async function locate(
  target: Pick<Target, 'run'>,
  needs: readonly Need[],
): Promise<(string | undefined)[]> {
  if (needs.length === 0) return [];
  const lines = needs.map(({ program, directory }) => {
    const cd = directory === undefined ? '' : `cd ${quote(directory)} && `;
    const name = quote(program);
    // For a path, some shells print it even if it is not executable.
    const runs = program.includes('/') ? ` >/dev/null && [ -x ${name} ] && command -v ${name}` : '';
    return `( ${cd}command -v ${name}${runs} ) 2>/dev/null || echo`;
  });
  const found = (await target.run(lines.join('\n'))).stdout.split('\n');
  return needs.map((_, index) => found[index]?.trim() || undefined);
}
