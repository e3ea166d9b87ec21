import { z } from 'zod';
import type { Look } from '../words/examined.ts';
import { duration } from '../words/units.ts';
import type { Power } from './power.ts';

/** One way to start and stop a guest. */
export interface PowerKind<Spec extends CommonSpec = CommonSpec> {
  use: Spec['use'];
  schema: z.ZodType<Spec>;
  /** What it runs on the guest's host. */
  programs: readonly string[];
  /** @param domain the host's name for the guest */
  power: Make<Spec>;
  /** Programs with which its own command lines begin. */
  commands?: Method<Spec, [], string[]>;
  /** How to check its settings on the host, without changing anything. */
  look?: Method<Spec, [names: Names], Looking>;
}

/** A guest, its host, and the host's name for it. */
export interface Names {
  guest: string;
  host: string;
  domain: string;
}

/** A script for POSIX sh that prints facts, each a name, a tab and a value, and their interpretation. */
export interface Looking {
  script: string;
  judge: (facts: ReadonlyMap<string, string>) => Look[];
}

/** A method's type, so that a kind with one spec type can be listed among kinds of any. */
type Method<Spec, Rest extends unknown[], Result> = { of(spec: Spec, ...rest: Rest): Result }['of'];
type Make<Spec> = Method<Spec, [domain: string], Power>;

interface CommonSpec {
  use: string;
  ready: number;
}

const common = {
  ready: duration
    .default(120_000)
    .describe('The longest time from its start until it answers over ssh. Default: 2m.'),
};

/** The schema of a kind's entry under `power`. */
export function powerSchema<const Use extends string, Options extends z.ZodRawShape>(
  use: Use,
  options: Options,
  description: string,
) {
  return z.strictObject({ use: z.literal(use), ...common, ...options }).describe(description);
}

/** Lets the compiler check a kind against its own schema. */
export function powerKind<const Schema extends z.ZodType<CommonSpec>>(
  kind: Omit<PowerKind<z.output<Schema>>, 'schema'> & { schema: Schema },
) {
  return kind;
}
