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
    .describe('Passes over all modes; the unit that comparisons pair on.'),
  seed: z
    .int()
    .min(0)
    .max(4294967295)
    .default(1)
    .describe('Gives the order; the same file and seed give the same plan.'),
  warmup: z
    .int()
    .min(0)
    .max(10_000)
    .default(1)
    .describe('Runs of the workload before the samples of each trial; kept, in no figure.'),
  samples: z.int().min(1).max(100_000).default(10).describe('Runs of the workload in a trial.'),
  pilot: z
    .boolean()
    .default(false)
    .describe(
      'Takes samples from the newest earlier run of the experiment under reports/: as many as give the tightest interval in the same time. Without one, samples as it stands.',
    ),
  precision: percent
    .optional()
    .describe(
      'Trials of a mode and workload are left out once their intervals’ half-widths are at most this (or stopped narrowing), from 12 blocks on, or more where they are skewed; blocks is then the most there are.',
    ),
  margin: percent.default(0.03).describe('Differences within it count as the same.'),
  confidence: z.number().min(0.5).max(0.999).default(0.95),
  aa: z
    .union([z.boolean(), z.int().min(0).max(9)])
    .default(false)
    .transform(Number)
    .describe(
      'A/A arms: the experiment’s baseline again under the name <baseline>-aa, once or as often as it says. Their verdicts are the harness’s own errors.',
    ),
  budget: duration.optional().describe('No block is begun after this much time.'),
});

/**
 * The greatest `limits.output`, in bytes. Measured at it, with as much on stdout as on stderr, of the shapes that cost most
 * (many short JSON lines, one long line, invalid UTF-8, many matches; 40 runs each): the harness takes 468 MB at its peak.
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
        'expected at most 32MiB, which is held in memory while figures are looked for: have the workload print its figures, and write its data to a file or /dev/null',
    },
  ])
    .default(16 * 1024 ** 2)
    .describe(
      'A run of a workload that prints more than this, on stdout or on stderr, has failed; no more is ever read. At most 32MiB: it is held in memory, for each guest that runs.',
    ),
  file: size
    .default(256 * 1024 ** 2)
    .describe('The kernel ends a workload that writes a larger file than this, its output included.'),
});

/** The experiment file. Everything that refers to something else in it is checked in `references.ts`. */
export const experimentSchema = z
  .strictObject({
    name,
    baseline: name
      .default('native')
      .describe('The mode that the others are a ratio of, but for those that name their own.'),
    machines: z
      .record(name, machineSchema)
      .optional()
      .describe(
        'Computers that are booted in more than one way, or can be reset. Within a block each boot that is used is started anew, in random order.',
      ),
    targets: z.record(name, targetSchema),
    'same-machine': z
      .enum(['refused', 'allowed'])
      .default('refused')
      .describe(
        'Whether two targets may be one machine, told by its boot id: what runs on one of them disturbs the other.',
      ),
    parity: z
      .enum(['told', 'required'])
      .default('told')
      .describe(
        'Where a mode’s machines differ from its baseline’s in CPUs, memory, kernel or a workload’s program: told beside the figures, or required, so that the mode is not compared and the exit code is 4.',
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

/** The JSON Schema of the experiment file, for editors: what is written, before defaults and before it is written out. */
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

/** A mode that extends another may have any option of any: of which kind it is, the other says. */
function extending(kinds: readonly Schema[]): object {
  const options = Object.assign({}, ...kinds.map(({ properties }) => properties)) as Record<string, object>;
  return {
    type: 'object',
    description: 'Another mode of this file, with other options.',
    properties: {
      ...Object.fromEntries(Object.entries(options).map(([name]) => [name, {}])),
      extends: {
        type: 'string',
        description: 'The mode whose keys it has, but for those that it has itself.',
      },
    },
    required: ['extends'],
    additionalProperties: false,
  };
}

const SWEEP = {
  type: 'object',
  description:
    'One workload for each value, or each combination of several: { size: [256, 1024] } puts each in the place of {size} in its other texts, and after its name.',
  additionalProperties: {
    type: 'array',
    minItems: 1,
    uniqueItems: true,
    items: { type: ['string', 'number'] },
  },
};
