import { z } from 'zod';
import type { Failure } from '../words/about.ts';
import type { Contradiction } from '../words/contradiction.ts';
import { name } from '../words/names.ts';
import type { Need } from '../words/need.ts';
import { duration } from '../words/units.ts';
import type { Workload } from './workload.ts';

export interface WorkloadFacts {
  /** A verdict is no number: it has no ratio, no interval and nothing to wait for. */
  yields: 'figures' | 'verdict';
  /** Raised when what a workload's figures mean changes, so that they are not compared with earlier ones. */
  definition: number;
}

/** What people are told of a kind besides: `vgpubench list workloads NAME`. */
export interface WorkloadAbout {
  /** Where its figure is read, and what makes it void, a sentence each. */
  read: readonly string[];
  fails: readonly Failure[];
  /** An entry under `workloads`. */
  example: object;
}

/** How a kind fails whose program is not there. @param option What names the program. */
export function notThere(option: string): Failure {
  return {
    told: 'exit status 127: no such program on the target',
    next: `install it on the targets, or correct \`${option}\`: vgpubench doctor FILE looks for it`,
  };
}

/** All that is known of a kind of workload but how it does its work: that is its program, which is loaded for a run. */
export interface WorkloadKind<Spec extends CommonSpec = CommonSpec> {
  use: Spec['use'];
  schema: z.ZodType<Spec>;
  facts: WorkloadFacts;
  about: WorkloadAbout;
  /** What has to be there on each guest that runs it. */
  needs(spec: Spec): Need[];
  contradictions(spec: Spec): Contradiction[];
  /** Its options as far as they shape a figure, however they were written down. */
  shape(spec: Spec): object;
  /** What its readings’ `operations` are called; undefined where it counts none. */
  per?(spec: Spec): string | undefined;
  /** Whether a metric counts towards the figure over all workloads. Of a kind that doesn’t say, each does. */
  inSuite?(spec: Spec, metric: string): boolean;
  program(): Promise<MakeWorkload<Spec>>;
}

/** A method's type, so that a kind of one spec can stand among kinds of any. */
type MakeWorkload<Spec> = { make(spec: Spec): Workload }['make'];

/** What every workload may say. */
const common = {
  name: name.optional().describe('Default: what `use` says.'),
  timeout: duration.optional().describe('Overrides limits.trial for this workload.'),
};

export interface CommonSpec {
  use: string;
  name?: string | undefined;
  timeout?: number | undefined;
}

/** The name under which a workload appears in plans and results. */
export function workloadName({ name, use }: CommonSpec): string {
  return name ?? use;
}

/** By metric: for kinds whose programs name their own metrics. */
export const limits = z
  .record(z.string(), z.number().positive())
  .optional()
  .describe(
    'By metric, such as compute-sp.float: the best the device can do, the least where lower is better. A figure beyond it voids the trial.',
  );

/** The schema of a kind's entry under `workloads`. */
export function workloadSchema<const Use extends string, Options extends z.ZodRawShape>(
  use: Use,
  options: Options,
) {
  // TypeScript does not see that an option of the same name stands in the place of a common one.
  return z.strictObject({ use: z.literal(use), ...common, ...options }) as unknown as z.ZodObject<
    { use: z.ZodLiteral<Use> } & Omit<typeof common, keyof Options> & Options,
    z.core.$strict
  >;
}

/** Has the compiler hold a kind against its own schema. */
export function workloadKind<const Schema extends z.ZodType<CommonSpec>>(
  kind: Omit<WorkloadKind<z.output<Schema>>, 'schema'> & { schema: Schema },
) {
  return kind;
}
