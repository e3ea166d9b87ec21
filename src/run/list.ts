import { stringify } from 'yaml';
import { z } from 'zod';
import type { HardwareCosts } from '../mode/hardware-costs.ts';
import { modeKinds } from '../mode/kinds.ts';
import { Problem } from '../problem.ts';
import type { Failure } from '../words/about.ts';
import { oneOf } from '../words/nearest.ts';
import { workloadKinds } from '../workload/kinds.ts';

export type ListedWhat = 'modes' | 'workloads';

/** An option as written in an experiment file. */
export interface ListedOption {
  name: string;
  /** Its type, in words: `true or false`, `text`, `a list of text`. */
  takes: string;
  /** Its default; undefined if it is required, or has no default. */
  preset: unknown;
  required: boolean;
  words: string;
}

/** A kind of mode or workload, as named by `use`. */
export interface ListedKind {
  use: string;
  summary: string;
  /** For a mode its boundary, for a workload what it yields: see ModeFacts and WorkloadFacts. */
  facts: { boundary: string } | { yields: string };
  /** For a mode, the assumed cost of its crossings on hardware, in ns, by kind. */
  hardwareCosts?: HardwareCosts;
  /** Programs, by where they must be. */
  needs: { at: 'guest' | 'host'; program: string }[];
  options: ListedOption[];
  /** What proves that a trial ran in the mode; or how a workload's figure is read. */
  proof: readonly string[];
  fails: readonly Failure[];
  /** A complete experiment file that loads. */
  example: string;
}

/** Every built-in kind. @throws Problem if there is none of that name. */
export function listKinds(what: ListedWhat, use?: string): ListedKind[] {
  const all = what === 'modes' ? listModes() : listWorkloads();
  if (use === undefined) return all;
  const found = all.filter((one) => one.use === use);
  if (found.length > 0) return found;
  throw new Problem({
    code: 'VGB-LIST',
    message: `no kind of ${what} of that name`,
    ...oneOf(
      use,
      all.map((one) => one.use),
    ),
    found: use,
  });
}

function listModes(): ListedKind[] {
  return modeKinds.map((kind) => {
    const { targets, modes } = kind.about.example;
    const own = Object.values(modes).find((mode) => 'use' in mode && mode.use === kind.use);
    const { summary, options } = described(kind.schema);
    const experiment = { name: kind.use, baseline: Object.keys(modes)[0], targets, modes };
    return {
      use: kind.use,
      options,
      summary: kind.facts.onHardware ? summary : `${summary} Supported, not yet run on hardware.`,
      facts: { boundary: kind.facts.boundary },
      ...(kind.hardwareCosts && { hardwareCosts: kind.hardwareCosts }),
      needs: kind.needs(kind.schema.parse(own)).map(({ at, program }) => ({ at, program })),
      proof: kind.about.attested,
      fails: kind.about.fails,
      example: stringify({ ...experiment, workloads: [workloadKinds[0]?.about.example] }),
    };
  });
}

function listWorkloads(): ListedKind[] {
  return workloadKinds.map((kind) => ({
    use: kind.use,
    ...described(kind.schema),
    facts: { yields: kind.facts.yields },
    needs: kind.needs(kind.schema.parse(kind.about.example)).map(({ at, program }) => ({ at, program })),
    proof: kind.about.read,
    fails: kind.about.fails,
    example: stringify({ name: kind.use, ...modeKinds[0]?.about.example, workloads: [kind.about.example] }),
  }));
}

interface JsonSchema {
  type?: string;
  enum?: unknown[];
  const?: unknown;
  anyOf?: JsonSchema[];
  items?: JsonSchema;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  default?: unknown;
  description?: string;
}

function described(schema: z.ZodType): Pick<ListedKind, 'summary' | 'options'> {
  const {
    description = '',
    properties = {},
    required = [],
  } = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
  }) as JsonSchema;
  const options = Object.entries(properties).filter(([name]) => name !== 'use');
  return {
    summary: description,
    options: options.map(([name, option]) => ({
      name,
      takes: takenBy(option),
      preset: option.default,
      required: required.includes(name),
      words: option.description ?? '',
    })),
  };
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  boolean: 'true or false',
  integer: 'a whole number',
  number: 'a number',
  object: 'a map',
};

function takenBy({ type, enum: values, const: value, anyOf, items }: JsonSchema): string {
  if (values !== undefined) return values.join(', ');
  if (value !== undefined) return JSON.stringify(value);
  if (anyOf !== undefined) return [...new Set(anyOf.map(takenBy))].join(' or ');
  if (type === 'array') return `a list of ${takenBy(items ?? {})}`;
  return TYPES[type ?? ''] ?? 'any';
}
