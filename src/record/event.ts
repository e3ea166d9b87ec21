import { z } from 'zod';
import { shardSchema } from '../experiment/shard.ts';
import { guestSampleSchema, numbers, type verdictSchema } from './sample-schema.ts';
import { originSchema } from './origin.ts';
import { addedBlocksShape } from '../plan/added-blocks.ts';
import { machineStateShape } from './state-schema.ts';

/** The version of the journal's lines. Those of format 1 are read by `modernise`. */
export const JOURNAL_FORMAT = 2;

const findingSchema = z.object({
  target: z.string(),
  claim: z.string(),
  ok: z.boolean(),
  evidence: z.string(),
});

const undoSchema = z.object({ target: z.string(), script: z.string() });

/** How a trial ended. Only a completed one is ever used in a figure. */
export const outcomeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('completed') }),
  z.object({ kind: z.literal('failed'), reason: z.string(), transport: z.boolean() }),
  z.object({ kind: z.literal('timed-out'), reason: z.string(), afterMs: z.number() }),
  z.object({ kind: z.literal('void'), reason: z.string() }),
  z.object({ kind: z.literal('aborted'), reason: z.string() }),
  z
    .object({ kind: z.literal('skipped'), reason: z.string() })
    .describe('Never begun: its mode was given up.'),
]);

const sshSchema = z
  .record(z.string(), z.string())
  .optional()
  .describe('SHA-256 of what ssh made of each target’s address (ssh -G), in hex.');

const bodySchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('run-started'),
    token: z.string(),
    /** Absolute path of the experiment file's directory: ssh_config paths in it are relative to that. */
    directory: z.string(),
    digests: z
      .object({ experiment: z.string(), plan: z.string() })
      .optional()
      .describe('SHA-256 of experiment.yaml and plan.json, in hex.'),
    ssh: sshSchema,
    origin: originSchema.optional(),
    versions: z.record(z.string(), z.string()),
    pid: z.number(),
    shard: shardSchema
      .extend({ node: z.string().describe('The machine that it was run from, by its name.') })
      .optional()
      .describe('Where only some of the blocks are to be run here.'),
  }),
  z
    .object({
      type: z.literal('merged'),
      unit: z.enum(['block', 'node']).describe('What the intervals count as independent.'),
      of: z.int().describe('How many shards the run was to have.'),
      lost: z.array(z.int()).describe('Shards that are not in it.'),
    })
    .describe('The journal was made of those of shards: no session of its own went before.'),
  z.object({
    type: z.literal('run-resumed'),
    ssh: sshSchema,
    versions: z.record(z.string(), z.string()),
    pid: z.number(),
    retry: z.boolean(),
  }),
  z.object({
    type: z.literal('target-ready'),
    target: z.string(),
    shell: z.string(),
    clock: z.object({ source: z.string(), tickNs: z.number(), monotonic: z.boolean() }),
    containment: z
      .string()
      .optional()
      .describe('How what a trial starts there is kept together, to be ended.'),
    scratch: z
      .string()
      .nullable()
      .describe('Where trials keep their files there; null in a journal of format 1.'),
    fingerprint: z.record(z.string(), z.string()),
  }),
  z
    .object({
      type: z.literal('power'),
      target: z.string(),
      action: z.enum(['start', 'stop', 'destroy', 'reset']),
      ok: z.boolean(),
      tookMs: z.number(),
      output: z.string().describe('What the command printed, or the end of the console.'),
    })
    .describe('A guest or machine was started or stopped.'),
  z
    .object({
      type: z.literal('boot-planned'),
      machine: z.string(),
      boot: z.string(),
      block: z.number(),
      found: z
        .object({ boot: z.string().nullable(), id: z.string() })
        .describe('As what it was up until now, null where that is not known, and its boot id.'),
    })
    .describe('A machine is about to be restarted.'),
  z
    .object({
      type: z.literal('booted'),
      machine: z.string(),
      boot: z.string(),
      block: z.number(),
      id: z.string().describe('Its boot id; empty where it did not come up.'),
      system: z.string().describe('What came up: kernel, hypervisor and command line.'),
      ok: z.boolean(),
      tookMs: z.number(),
      output: z.string().describe('Why it is not as it should be; empty where it is.'),
    })
    .describe('A machine was restarted.'),
  z
    .object({
      type: z.literal('machine-returned'),
      machine: z.string(),
      ok: z.boolean(),
      tookMs: z.number(),
      output: z.string(),
    })
    .describe('A machine was started again as it had been found.'),
  z
    .object({
      type: z.literal('rung'),
      rung: z.enum(['end-trial', 'enter-anew', 'restart-guests', 'reset-machine']),
      mode: z.string(),
      trial: z.string().nullable().describe('The trial that hung; null where it was the mode.'),
      ok: z.boolean(),
      tookMs: z.number(),
    })
    .describe('A hang was answered.'),
  z
    .object({ type: z.literal('gpu'), mode: z.string(), target: z.string(), gpu: z.string() })
    .describe('The GPU that does the work of a mode on a target, when it was seen first.'),
  z
    .object({ type: z.literal('quarantined'), mode: z.string(), reason: z.string() })
    .describe('No trial of the mode is run any more, until it is retried.'),
  z.object({ type: z.literal('undo-planned'), id: z.string(), mode: z.string(), undo: undoSchema }),
  z.object({ type: z.literal('undone'), id: z.string(), ok: z.boolean(), output: z.string() }),
  z.object({
    type: z.literal('attested'),
    block: z.number(),
    mode: z.string(),
    when: z.enum(['before', 'during', 'after']).describe('Of its trials; during: while a trial ran.'),
    trial: z.string().optional().describe('The trial that ran meanwhile.'),
    ok: z.boolean(),
    findings: z.array(findingSchema),
  }),
  z.object({
    type: z.literal('counted'),
    block: z.number(),
    mode: z.string(),
    target: z.string(),
    counters: numbers,
  }),
  z.object({
    type: z.literal('noise'),
    block: z.number(),
    mode: z.string(),
    target: z.string(),
    load1: z.number(),
    stealShare: z.number(),
    throttled: z.number().nullable(),
    clock: z
      .object({ theirsS: z.number(), oursS: z.number(), withinS: z.number() })
      .optional()
      .describe('How long the stay was by the target’s clock and by ours, and how well the latter is known.'),
  }),
  z.object({ type: z.literal('machine-state'), ...machineStateShape }),
  z.object({ type: z.literal('blocks-added'), ...addedBlocksShape }).describe('To the plan, after its end.'),
  z
    .object({
      type: z.literal('cpu'),
      trial: z.string(),
      target: z.string(),
      role: z.enum(['host', 'guest']).describe('Which it was to the trial; bare metal is its own host.'),
      spentS: z.number().describe('CPU time that it spent itself over the whole trial, in s.'),
      energy: z
        .object({ cpu: z.number().nullable().optional(), gpu: z.number().nullable().optional() })
        .optional()
        .describe('J that its counters tell of; null where one can’t be read.'),
    })
    .describe('What a trial cost beside its time.'),
  z.object({
    type: z.literal('trial-started'),
    trial: z.string(),
    attempt: z.number(),
    fromIndex: z.number(),
  }),
  z.object({
    type: z.literal('sample'),
    trial: z.string(),
    attempt: z.number(),
    /** From 0, over warm-ups and samples each. */
    index: z.number(),
    warmup: z.boolean(),
    guests: z.array(guestSampleSchema).min(1),
    /** Time between the first and the last guest's start, in ns; null for one guest, or where it is not known. */
    startSpreadNs: z.number().nullable(),
    startSpreadWithinNs: z
      .number()
      .optional()
      .describe('How far off that may be, in ns, since the offset of each guest’s clock is known that well.'),
  }),
  z.object({
    type: z.literal('trial-ended'),
    trial: z.string(),
    attempt: z.number(),
    outcome: outcomeSchema,
  }),
  z
    .object({
      type: z.literal('trial-voided'),
      trial: z.string(),
      attempt: z.number(),
      reason: z.string(),
    })
    .describe('A trial that had completed is in no figure: its mode was not proved after it.'),
  z.object({
    type: z.literal('incident'),
    kind: z.enum([
      'link',
      'time-out',
      'failure',
      'void',
      'restore',
      'recovery',
      'noise',
      'leftover',
      'target',
      'shard',
    ]),
    target: z.string().nullable(),
    trial: z.string().nullable(),
    text: z.string(),
  }),
  z.object({
    type: z.literal('run-ended'),
    reason: z.enum(['completed', 'precision', 'plateau', 'budget', 'interrupted', 'failed']),
  }),
]);

const envelope = z.object({
  v: z.literal(JOURNAL_FORMAT),
  seq: z.int().positive().optional().describe('Its line in the journal, from 1; absent in older ones.'),
  /** The harness's monotonic clock, in ms since its machine started. */
  atMs: z.number(),
  /** Wall time, ISO 8601. */
  wall: z.string(),
});

/** One object per type, and not the intersection of two: a journal may have a million lines, and it is that much slower. */
export const eventSchema: z.ZodType<Event & { v: typeof JOURNAL_FORMAT }> = z.discriminatedUnion(
  'type',
  bodySchema.options.map((body) => z.object({ ...envelope.shape, ...body.shape })) as never,
);

/** What happened, without when. */
export type EventBody = z.output<typeof bodySchema>;
interface Envelope extends Omit<z.output<typeof envelope>, 'v'> {
  /** The format of the line that it was read from. */
  v: 1 | typeof JOURNAL_FORMAT;
}
/** One line of the journal. */
export type Event = Envelope & EventBody;
export type EventOf<T extends EventBody['type']> = Extract<EventBody, { type: T }> & Envelope;
export type TargetFacts = Omit<EventOf<'target-ready'>, 'v' | 'atMs' | 'wall' | 'type'>;
export type Outcome = z.output<typeof outcomeSchema>;
export type ProbeVerdict = z.output<typeof verdictSchema>;
export type GuestSample = z.output<typeof guestSampleSchema>;
/** Where every step tells what happened. */
export type Emit = (body: EventBody) => void;
