import { z } from 'zod';
import { schemasOf } from '../words/schemas.ts';
import { bounded } from './bounded.ts';
import { clpeak } from './clpeak/kind.ts';
import { command } from './command/kind.ts';
import { hashcat } from './hashcat/kind.ts';
import { type WorkloadKind, workloadName } from './kind.ts';
import { probe } from './probe/kind.ts';
import type { Workload } from './workload.ts';

/**
 * Every built-in kind of workload. One that is added here appears in the experiment file and its JSON Schema.
 */
const KINDS = [clpeak, hashcat, command, probe] as const;

/** An entry under `workloads` in an experiment file. */
export const anyWorkloadSchema = z.discriminatedUnion('use', schemasOf(KINDS));

export type WorkloadSpec = z.output<typeof anyWorkloadSchema>;

export const workloadKinds: readonly WorkloadKind<WorkloadSpec>[] = KINDS;

/** The kind of an experiment's entry. */
export function workloadKindOf({ use }: Pick<WorkloadSpec, 'use'>): WorkloadKind<WorkloadSpec> {
  const kind = workloadKinds.find((one) => one.use === use);
  if (kind === undefined)
    throw new Error(`no kind of workload ${use}: the experiment file is checked for that`);
  return kind;
}

/** The workload of an experiment's entry; whatever its kind, the amount it may report is bounded. */
export async function workloadFor(spec: WorkloadSpec): Promise<Workload> {
  const workload = (await workloadKindOf(spec).program())(spec);
  return { ...workload, parse: (output) => bounded(workload.parse(output)) };
}

/** The name of a workload's operations; undefined if it counts none. */
export function operationName(spec: WorkloadSpec): string | undefined {
  return workloadKindOf(spec).per?.(spec);
}

/** The names of an experiment's workloads that give figures, or verdicts. */
export function workloadsThatYield(
  what: WorkloadKind['facts']['yields'],
  { workloads }: { workloads: readonly WorkloadSpec[] },
): string[] {
  return workloads.filter((one) => workloadKindOf(one).facts.yields === what).map(workloadName);
}
