import { z } from 'zod';
import type { Failure } from '../words/about.ts';
import type { Contradiction } from '../words/contradiction.ts';
import { name } from '../words/names.ts';
import type { Need } from '../words/need.ts';
import { duration } from '../words/units.ts';
import type { Workload } from './workload.ts';

export interface WorkloadFacts {
  /** A verdict is not a number: it has no ratio, no interval and nothing to wait for. */
  yields: 'figures' | 'verdict';
  /**
   * Raised when the meaning of a workload's figures changes, so that they are not compared with earlier ones.
   */
  definition: number;
}

/** What `vgpubench list workloads NAME` prints in addition. */
export interface WorkloadAbout {
  /** How its figure is read, and what makes it void, a sentence each. */
  read: readonly string[];
  fails: readonly Failure[];
  /** An entry under `workloads`. */
  example: object;
}

/** How a kind fails if its program is missing. @param option The option that names the program. */
export function notThere(option: string): Failure {
  return {
    told: 'exit status 127: no such program on the target',
    next: `install it on the targets, or correct \`${option}\`; to check: vgpubench doctor FILE`,
  };
}

/**
 * Everything about a kind of workload except how it works, which is in its program and loaded for a run only.
 */
export interface WorkloadKind<Spec extends CommonSpec = CommonSpec> {
  use: Spec['use'];
  schema: z.ZodType<Spec>;
  facts: WorkloadFacts;
  about: WorkloadAbout;
  /** What must be present on each guest that runs it. */
  needs(spec: Spec): Need[];
  contradictions(spec: Spec): Contradiction[];
  /** Its options as far as they affect figures, in whichever form they are written. */
  shape(spec: Spec): object;
  /** The name of its readings’ `operations`; undefined if it counts none. */
  per?(spec: Spec): string | undefined;
  /** Whether a metric counts towards the figure over all workloads. Without it, every metric does. */
  inSuite?(spec: Spec, metric: string): boolean;
  program(): Promise<MakeWorkload<Spec>>;
}

/** A method's type, so that a kind with one spec type can be listed among kinds of any. */
type MakeWorkload<Spec> = { make(spec: Spec): Workload }['make'];

/** Keys common to all workloads. */
const common = {
  name: name.optional().describe('Default: the value of `use`.'),
  timeout: duration.optional().describe('Overrides limits.trial for this workload.'),
};

export interface CommonSpec {
  use: string;
  name?: string | undefined;
  timeout?: number | undefined;
}

/** The name of a workload in plans and results. */
export function workloadName({ name, use }: CommonSpec): string {
  return name ?? use;
}

/** By metric: for kinds whose programs name their own metrics. */
export const limits = z
  .record(z.string(), z.number().positive())
  .optional()
  .describe(
    'By metric, such as compute-sp.float: the best value that the device can reach, the lowest if lower is better. A figure beyond it voids the trial.',
  );

/** The schema of a kind's entry under `workloads`. */
export function workloadSchema<const Use extends string, Options extends z.ZodRawShape>(
  use: Use,
  options: Options,
) {
  // TypeScript does not see that an option of the same name replaces a common one.
  return z.strictObject({ use: z.literal(use), ...common, ...options }) as unknown as z.ZodObject<
    { use: z.ZodLiteral<Use> } & Omit<typeof common, keyof Options> & Options,
    z.core.$strict
  >;
}

/** Lets the compiler check a kind against its own schema. */
export function workloadKind<const Schema extends z.ZodType<CommonSpec>>(
  kind: Omit<WorkloadKind<z.output<Schema>>, 'schema'> & { schema: Schema },
) {
  return kind;
}
