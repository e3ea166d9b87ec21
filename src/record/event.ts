import { z } from 'zod';
import { shardSchema } from '../experiment/shard.ts';
import { guestSampleSchema, numbers, type verdictSchema } from './sample-schema.ts';
import { originSchema } from './origin.ts';
import { addedBlocksShape } from '../plan/added-blocks.ts';
import { machineStateShape } from './state-schema.ts';

/** The version of the journal's lines. `modernise` reads those of format 1. */
export const JOURNAL_FORMAT = 2;

const findingSchema = z.object({
  target: z.string(),
  claim: z.string(),
  ok: z.boolean(),
  evidence: z.string(),
  caveat: z
    .object({ code: z.string(), text: z.string() })
    .optional()
    .describe('What it says against figures, though it holds.'),
});

const undoSchema = z.object({ target: z.string(), script: z.string() });

/** How a trial ended. Only completed trials are used in figures. */
export const outcomeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('completed') }),
  z.object({ kind: z.literal('failed'), reason: z.string(), transport: z.boolean() }),
  z.object({ kind: z.literal('timed-out'), reason: z.string(), afterMs: z.number() }),
  z.object({ kind: z.literal('void'), reason: z.string() }),
  z.object({ kind: z.literal('aborted'), reason: z.string() }),
  z
    .object({ kind: z.literal('skipped'), reason: z.string() })
    .describe('Never begun, because its mode was given up.'),
]);

const sshSchema = z
  .record(z.string(), z.string())
  .optional()
  .describe('SHA-256 of the ssh configuration of each target’s address (ssh -G), in hex.');

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
      .extend({ node: z.string().describe('The name of the machine that it was run from.') })
      .optional()
      .describe('The shard, if only some of the blocks are run here.'),
  }),
  z
    .object({
      type: z.literal('merged'),
      unit: z.enum(['block', 'node']).describe('The unit that the intervals treat as independent.'),
      of: z.int().describe('How many shards the run has when complete.'),
      lost: z.array(z.int()).describe('Shards that are missing.'),
    })
    .describe('The journal was merged from those of shards: no session of its own precedes this.'),
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
      .describe('How a trial’s processes are kept together there, so that they can be ended.'),
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
        .describe('The boot it was in until now, null if unknown, and its boot id.'),
    })
    .describe('A machine is about to be restarted.'),
  z
    .object({
      type: z.literal('booted'),
      machine: z.string(),
      boot: z.string(),
      block: z.number(),
      id: z.string().describe('Its boot id; empty if it did not come up.'),
      system: z.string().describe('What came up: kernel, hypervisor and command line.'),
      ok: z.boolean(),
      tookMs: z.number(),
      output: z.string().describe('The problem; empty if there is none.'),
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
    .describe('A machine was restarted in the boot in which it was found.'),
  z
    .object({
      type: z.literal('rung'),
      rung: z.enum(['end-trial', 'enter-anew', 'restart-guests', 'reset-machine']),
      mode: z.string(),
      trial: z.string().nullable().describe('The trial that hung; null if it was the mode.'),
      ok: z.boolean(),
      tookMs: z.number(),
    })
    .describe('A step to recover from a hang.'),
  z
    .object({ type: z.literal('gpu'), mode: z.string(), target: z.string(), gpu: z.string() })
    .describe('The GPU that does the work of a mode on a target, when first seen.'),
  z
    .object({ type: z.literal('quarantined'), mode: z.string(), reason: z.string() })
    .describe('No more trials of the mode are run until it is retried.'),
  z.object({ type: z.literal('undo-planned'), id: z.string(), mode: z.string(), undo: undoSchema }),
  z.object({ type: z.literal('undone'), id: z.string(), ok: z.boolean(), output: z.string() }),
  z.object({
    type: z.literal('attested'),
    block: z.number(),
    mode: z.string(),
    when: z
      .enum(['before', 'during', 'after'])
      .describe('Relative to its trials; during: while a trial was running.'),
    trial: z.string().optional().describe('The trial that was running at the time.'),
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
      .describe(
        'The duration of the stay by the target’s clock and by ours, and the uncertainty of the latter.',
      ),
  }),
  z.object({ type: z.literal('machine-state'), ...machineStateShape }),
  z
    .object({ type: z.literal('blocks-added'), ...addedBlocksShape })
    .describe('Blocks added to the plan, after its end.'),
  z
    .object({
      type: z.literal('cpu'),
      trial: z.string(),
      target: z.string(),
      role: z.enum(['host', 'guest']).describe('Its role in the trial; bare metal is its own host.'),
      spentS: z.number().describe('CPU time that it spent itself over the whole trial, in s.'),
      energy: z
        .object({ cpu: z.number().nullable().optional(), gpu: z.number().nullable().optional() })
        .optional()
        .describe('Energy from its counters, in J; null if one can’t be read.'),
    })
    .describe('The cost of a trial in addition to its time.'),
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
    /** From 0, separately for warm-ups and samples. */
    index: z.number(),
    warmup: z.boolean(),
    guests: z.array(guestSampleSchema).min(1),
    /** Time between the first and the last guest's start, in ns; null for one guest, or if unknown. */
    startSpreadNs: z.number().nullable(),
    startSpreadWithinNs: z
      .number()
      .optional()
      .describe('Its uncertainty, in ns, from the offsets of the guests’ clocks.'),
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
    .describe('A completed trial is excluded, because its mode was not attested after it.'),
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

/**
 * One object per type, rather than an intersection of two: a journal may have a million lines, and the
 * intersection is markedly slower.
 */
export const eventSchema: z.ZodType<Event & { v: typeof JOURNAL_FORMAT }> = z.discriminatedUnion(
  'type',
  bodySchema.options.map((body) => z.object({ ...envelope.shape, ...body.shape })) as never,
);

/** What happened, without the time. */
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
/** Receives an event for everything that happens. */
export type Emit = (body: EventBody) => void;
