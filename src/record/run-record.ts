import type { AddedBlocks } from '../plan/added-blocks.ts';
import type { EventOf, Outcome, TargetFacts } from './event.ts';
import type { SampleTable } from './sample-table.ts';

/**
 * Everything known about a run from its journal: results, stop rule, live view, resume and restore read this.
 */
export interface RunRecord {
  token: string | undefined;
  /** Directory of the experiment file as given by the user. */
  directory: string | undefined;
  /** Of the files that it began with; undefined if an older vgpubench began it. */
  digests: EventOf<'run-started'>['digests'];
  /** What it measured; undefined if nothing is known. */
  origin: EventOf<'run-started'>['origin'];
  /** Blocks added to the plan; null if none. */
  added: AddedBlocks | null;
  sessions: SessionRecord[];
  /** If it was run in shards, or is one: what each met; empty otherwise. */
  shards: ShardRecord[];
  /** How its journal was merged from those of shards; undefined if a session of its own wrote it. */
  merged: Pick<EventOf<'merged'>, 'unit' | 'of' | 'lost'> | undefined;
  /** Wall times of the first and the newest event. */
  started: string | null;
  newest: string | null;
  /** The harness's clock at the newest event, in ms. */
  newestMs: number | null;
  /** The time its sessions took by that clock, in ms; restarts after one that ended at the budget. */
  spentMs: number;
  /** When the newest trial ended, or the session began, by that clock, in ms. */
  sinceMs: number | null;
  /** Why the newest session ended; null if it could not record it. */
  endReason: EventOf<'run-ended'>['reason'] | null;
  /**
   * A session before the newest one could not record why it ended: it may have left something on the targets.
   */
  cutOff: boolean;
  /** What each target reported about itself when last greeted. */
  targets: Map<string, TargetFacts>;
  /** The boot that each target is in; undefined if it does not report it. */
  boots: Boots;
  /** The clocksource of each target when first greeted; missing if it does not report it. */
  clocksources: Map<string, string>;
  /** In the order in which their newest attempts began. */
  trials: Map<string, TrialRecord>;
  visits: VisitRecord[];
  /** Undo scripts that were planned and have not succeeded since, oldest first. */
  pendingUndo: Map<string, PendingUndo>;
  incidents: Omit<EventOf<'incident'>, 'v' | 'atMs' | 'type'>[];
  /** Steps to recover from hangs. */
  rungs: Omit<EventOf<'rung'>, 'v' | 'atMs' | 'type'>[];
  /** The GPUs that did the work of each mode, by target, as first seen. */
  gpus: Map<string, ReadonlyMap<string, string>>;
  /** Why no more trials of a mode are run, by mode. */
  quarantined: Map<string, string>;
  /** Guests and machines that were started or stopped. */
  powers: Omit<EventOf<'power'>, 'v' | 'atMs' | 'type'>[];
  /** Machines that were restarted in another boot, and what is known about each. */
  machines: Map<string, MachineRecord>;
  /** Restarts of machines. */
  machineBoots: Omit<EventOf<'booted'>, 'v' | 'atMs' | 'type' | 'id'>[];
  activity: Activity;
  /** The newest trial that began, and its newest sample, from 1. */
  current: { trial: string; sample: number; warmup: boolean } | null;
}

interface SessionRecord {
  wall: string;
  versions: Record<string, string>;
  pid: number;
  /** The boots in which each target was met. */
  boots: Map<string, Set<string>>;
  /** Digests of the ssh configuration of each target; empty if an older vgpubench did not record them. */
  ssh: Readonly<Record<string, string>>;
  /** Undefined if the run has none. */
  shard: number | undefined;
}

/** A shard of the run, and the machines that it met. */
interface ShardRecord {
  index: number;
  of: number;
  /** The machine that it was run from. */
  node: string;
  /** What each target reported about itself. */
  targets: Map<string, TargetFacts['fingerprint']>;
  gpus: RunRecord['gpus'];
}

export type Boots = ReadonlyMap<string, string | undefined>;

/** A machine that a run restarts. */
export interface MachineRecord {
  /** Its state before the run restarted it; null once restored. */
  found: EventOf<'boot-planned'>['found'] | null;
  /**
   * The boot in which the run last started it, and for which block; null while it starts, or if that failed.
   */
  now: { boot: string; id: string; block: number } | null;
  /** What came up as each of its boots. */
  systems: Map<string, string>;
}

export interface PendingUndo {
  id: string;
  target: string;
  script: string;
}

/** The progress of one trial: its newest attempt. */
export interface TrialRecord {
  attempt: number;
  /** Of the line that began the attempt: what runs in guests under an older format is not continued. */
  format: EventOf<'trial-started'>['v'];
  /** When this attempt began, ISO 8601; null until then. */
  startedWall: string | null;
  /** The boots that targets were in when it began, or continued. */
  boots: Boots;
  /**
   * By the harness's clock, in ms, when the previous trial ended, or the session began: what led to it, such
   * as entering its mode, is part of its time. Null until it begins, and for an interrupted one that
   * continued: in between the harness was away, and its clock may have restarted.
   */
  sinceMs: number | null;
  /** Null until then. */
  endedMs: number | null;
  outcome: Outcome | null;
  /** It had completed, but is excluded, because its stay ended before it could be attested again. */
  unproved?: true;
  /** Samples in the journal, without warm-ups. */
  samplesDone: number;
  /**
   * CPU time of hosts and guests over this whole attempt, in s, and energy in J; empty if unknown, or if it
   * continued after a break.
   */
  cpu: Map<string, { role: 'host' | 'guest'; spentS: number; energy: EventOf<'cpu'>['energy'] }>;
  table: SampleTable;
  /** Since it began, or continued, by the harness's clock, in ms: its samples, without warm-ups. */
  pace: { sinceMs: number; samples: number; firstMs: number; lastMs: number } | null;
}

/** One stay in a mode within a block. */
export interface VisitRecord {
  block: number;
  mode: string;
  /** Trials that completed in it. */
  completed: string[];
  attestations: Pick<EventOf<'attested'>, 'when' | 'trial' | 'ok' | 'findings'>[];
  counters: Pick<EventOf<'counted'>, 'target' | 'counters'>[];
  noise: Pick<EventOf<'noise'>, 'target' | 'load1' | 'stealShare' | 'throttled'>[];
  /** For each target, the duration of stays by its clock and by ours. */
  clocks: (NonNullable<EventOf<'noise'>['clock']> & { target: string })[];
  /** Of machines with a GPU. */
  states: Pick<EventOf<'machine-state'>, 'target' | 'before' | 'after' | 'spentS' | 'domains' | 'faults'>[];
}

/** What the run was doing at the newest event. */
export type Activity =
  | { doing: 'connecting' }
  | { doing: 'booting'; machine: string; boot: string | null }
  | { doing: 'preparing'; mode: string }
  | { doing: 'attested'; mode: string; when: 'before' | 'after' }
  | { doing: 'sampling' }
  | { doing: 'restoring' };

export function emptyRecord(): RunRecord {
  return {
    token: undefined,
    directory: undefined,
    digests: undefined,
    origin: undefined,
    added: null,
    sessions: [],
    shards: [],
    merged: undefined,
    cutOff: false,
    started: null,
    newest: null,
    newestMs: null,
    spentMs: 0,
    sinceMs: null,
    endReason: null,
    targets: new Map(),
    boots: new Map(),
    clocksources: new Map(),
    trials: new Map(),
    visits: [],
    pendingUndo: new Map(),
    incidents: [],
    rungs: [],
    gpus: new Map(),
    quarantined: new Map(),
    powers: [],
    machines: new Map(),
    machineBoots: [],
    activity: { doing: 'connecting' },
    current: null,
  };
}
