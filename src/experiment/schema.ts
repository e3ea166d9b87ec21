import { z } from 'zod';
import { anyModeSchema } from '../mode/kinds.ts';
import { name } from '../words/names.ts';
import { duration, percent, size, sizeThat } from '../words/units.ts';
import { anyWorkloadSchema } from '../workload/kinds.ts';
import { machineSchema } from './machine-schema.ts';
import { targetSchema } from './target-schema.ts';

const designSchema = z.strictObject({
  blocks: z
    .int()
    .min(1)
    .max(10_000)
    .default(10)
    .describe('Number of passes over all modes; comparisons are paired by block.'),
  seed: z
    .int()
    .min(0)
    .max(4294967295)
    .default(1)
    .describe('Determines the order; the same file and seed give the same plan.'),
  warmup: z
    .int()
    .min(0)
    .max(10_000)
    .default(1)
    .describe(
      'Warm-up runs of the workload before the samples of each trial; kept, but not part of any figure.',
    ),
  samples: z.int().min(1).max(100_000).default(10).describe('Runs of the workload in a trial.'),
  pilot: z
    .boolean()
    .default(false)
    .describe(
      'Chooses the number of samples from the newest earlier run of the experiment under reports/: the number that gives the narrowest interval in the same time. Without an earlier run, samples applies.',
    ),
  precision: percent
    .optional()
    .describe(
      'Skips further trials of a mode and workload once the half-widths of their intervals are at most this (or have stopped narrowing), after at least 12 blocks, or more if the data are skewed; blocks is then the maximum.',
    ),
  margin: percent.default(0.03).describe('Differences up to this count as the same.'),
  confidence: z.number().min(0.5).max(0.999).default(0.95),
  aa: z
    .union([z.boolean(), z.int().min(0).max(9)])
    .default(false)
    .transform(Number)
    .describe(
      'A/A arms: repeats the experiment’s baseline under the name <baseline>-aa, once or the given number of times. Any difference found is an error of the harness.',
    ),
  budget: duration.optional().describe('No block starts after this much time.'),
});

/**
 * The upper limit of `limits.output`, in bytes. Measured at this value, with as much on stdout as on stderr,
 * for the most expensive kinds of output (many short JSON lines, one long line, invalid UTF-8, many matches;
 * 40 runs each): the harness peaks at 468 MB.
 */
const MOST_OUTPUT = 32 * 1024 ** 2;

const limitsSchema = z.strictObject({
  trial: duration
    .default(120_000)
    .describe('A trial (all its samples) that takes longer is killed in the guest.'),
  output: sizeThat([
    {
      fits: (bytes) => bytes <= MOST_OUTPUT,
      error:
        'expected at most 32MiB, because output is held in memory while figures are extracted: have the workload print only its figures, and write its data to a file or /dev/null',
    },
  ])
    .default(16 * 1024 ** 2)
    .describe(
      'A workload that prints more than this, on stdout or on stderr, fails; no more is read. At most 32MiB, because it is held in memory for each guest.',
    ),
  file: size
    .default(256 * 1024 ** 2)
    .describe('The kernel ends a workload that writes a file larger than this, including its output.'),
});

/** The experiment file. References within it are checked in `references.ts`. */
export const experimentSchema = z
  .strictObject({
    name,
    baseline: name
      .default('native')
      .describe('The mode that others are compared with, except those that name their own baseline.'),
    machines: z
      .record(name, machineSchema)
      .optional()
      .describe(
        'Computers that are booted in more than one way, or can be reset. Each block starts every boot it uses afresh, in random order.',
      ),
    targets: z.record(name, targetSchema),
    'same-machine': z
      .enum(['refused', 'allowed'])
      .default('refused')
      .describe(
        'Whether two targets may be the same machine, recognised by its boot id: what runs on one disturbs the other.',
      ),
    parity: z
      .enum(['told', 'required'])
      .default('told')
      .describe(
        'Whether a mode’s machines must match its baseline’s in CPUs, memory, kernel and the workloads’ programs. A difference is reported with the figures; if a match is required, the mode is not compared and the exit code is 4.',
      ),
    modes: z.record(name, anyModeSchema),
    workloads: z.array(anyWorkloadSchema).min(1),
    design: designSchema.prefault({}),
    limits: limitsSchema.prefault({}),
  })
  .describe('A vgpubench experiment.');

export type Experiment = z.output<typeof experimentSchema>;

interface Schema {
  properties?: Record<string, object>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
  oneOf?: Schema[];
  anyOf?: Schema[];
}

/** The JSON Schema of the experiment file, for editors: as written, before defaults and expansion. */
export function experimentJsonSchema(): object {
  const schema = z.toJSONSchema(experimentSchema, { io: 'input', unrepresentable: 'any' }) as Schema;
  const { modes, workloads }: { modes?: Schema; workloads?: Schema } = schema.properties ?? {};
  const each = modes?.additionalProperties;
  const kinds = typeof each === 'object' ? (each.oneOf ?? each.anyOf) : undefined;
  kinds?.push(extending(kinds));
  const items = workloads?.items;
  for (const { properties } of items?.oneOf ?? items?.anyOf ?? [])
    if (properties !== undefined) properties['sweep'] = SWEEP;
  return schema;
}

/** A mode that extends another may have any option of any kind: the other mode determines its kind. */
function extending(kinds: readonly Schema[]): object {
  const options = Object.assign({}, ...kinds.map(({ properties }) => properties)) as Record<string, object>;
  return {
    type: 'object',
    description: 'Another mode of this file, with different options.',
    properties: {
      ...Object.fromEntries(Object.entries(options).map(([name]) => [name, {}])),
      extends: {
        type: 'string',
        description: 'The mode whose keys it inherits, except those that it sets itself.',
      },
    },
    required: ['extends'],
    additionalProperties: false,
  };
}

const SWEEP = {
  type: 'object',
  description:
    'Creates one workload per value, or per combination of several: { size: [256, 1024] } replaces {size} in its other texts, and appends the value to its name.',
  additionalProperties: {
    type: 'array',
    minItems: 1,
    uniqueItems: true,
    items: { type: ['string', 'number'] },
  },
};
