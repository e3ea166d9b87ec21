import type { AddedBlocks } from '../plan/added-blocks.ts';
import type { EventOf, Outcome, TargetFacts } from './event.ts';
import type { SampleTable } from './sample-table.ts';

/** All that is known of a run, by its journal alone: results, stop rule, live view, resume and restore read this. */
export interface RunRecord {
  token: string | undefined;
  /** Directory of the experiment file as it was given. */
  directory: string | undefined;
  /** Of the files that it was begun with; undefined where an older vgpubench began it. */
  digests: EventOf<'run-started'>['digests'];
  /** What it was made from; undefined where nothing is known of that. */
  origin: EventOf<'run-started'>['origin'];
  /** What the plan was added to; null where it was not. */
  added: AddedBlocks | null;
  sessions: SessionRecord[];
  /** Where it was run in shards, or is one: of each what it met; empty otherwise. */
  shards: ShardRecord[];
  /** How its journal was made of those of shards; undefined where a session of its own wrote it. */
  merged: Pick<EventOf<'merged'>, 'unit' | 'of' | 'lost'> | undefined;
  /** Wall times of the first and the newest event. */
  started: string | null;
  newest: string | null;
  /** The harness's clock at the newest event, in ms. */
  newestMs: number | null;
  /** What its sessions took by that clock, in ms; anew after one that ended at the budget. */
  spentMs: number;
  /** When the newest trial ended, or the session began, by that clock, in ms. */
  sinceMs: number | null;
  /** Why the newest session ended; null where it did not get to say. */
  endReason: EventOf<'run-ended'>['reason'] | null;
  /** A session before the newest one did not get to say why it ended: it may have left something on the targets. */
  cutOff: boolean;
  /** What each target said of itself, the newest time that it was greeted. */
  targets: Map<string, TargetFacts>;
  /** The boot that each target is in; undefined where it does not tell. */
  boots: Boots;
  /** The clocksource that each target had when it was greeted for the first time; none where it does not tell. */
  clocksources: Map<string, string>;
  /** In the order in which their newest attempts began. */
  trials: Map<string, TrialRecord>;
  visits: VisitRecord[];
  /** Undo scripts that were planned and have not been run with success since, oldest first. */
  pendingUndo: Map<string, PendingUndo>;
  incidents: Omit<EventOf<'incident'>, 'v' | 'atMs' | 'type'>[];
  /** How hangs were answered. */
  rungs: Omit<EventOf<'rung'>, 'v' | 'atMs' | 'type'>[];
  /** The GPUs that did the work of each mode, by target, as they were seen first. */
  gpus: Map<string, ReadonlyMap<string, string>>;
  /** Why no trial of a mode is run any more, by mode. */
  quarantined: Map<string, string>;
  /** Guests and machines that were started or stopped. */
  powers: Omit<EventOf<'power'>, 'v' | 'atMs' | 'type'>[];
  /** Machines that were restarted as another system, and what is known of each. */
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
  /** The boots that each target was met in. */
  boots: Map<string, Set<string>>;
  /** Digests of how each target is reached; empty where an older vgpubench did not tell. */
  ssh: Readonly<Record<string, string>>;
  /** Undefined where the run has none. */
  shard: number | undefined;
}

/** A shard of the run, and the machines that it met. */
interface ShardRecord {
  index: number;
  of: number;
  /** The machine that it was run from. */
  node: string;
  /** What each target said of itself. */
  targets: Map<string, TargetFacts['fingerprint']>;
  gpus: RunRecord['gpus'];
}

export type Boots = ReadonlyMap<string, string | undefined>;

/** A machine that a run restarts. */
export interface MachineRecord {
  /** As it was before the run restarted it; null where it is so again. */
  found: EventOf<'boot-planned'>['found'] | null;
  /** As what the run has started it last, and for which block; null while it starts, and where that failed. */
  now: { boot: string; id: string; block: number } | null;
  /** What came up as each of its boots. */
  systems: Map<string, string>;
}

export interface PendingUndo {
  id: string;
  target: string;
  script: string;
}

/** How far one trial has come: its newest attempt. */
export interface TrialRecord {
  attempt: number;
  /** Of the line that began the attempt: what runs in guests under an older format is not gone on with. */
  format: EventOf<'trial-started'>['v'];
  /** When this attempt began, ISO 8601; null until then. */
  startedWall: string | null;
  /** The boots that targets were in when it began, or went on. */
  boots: Boots;
  /**
   * By the harness's clock, in ms, when the trial before it ended, or the session began: what led to it, as entering
   * its mode, is part of the time it takes. Null until it begins, and for an interrupted one that went on: between
   * the two the harness was away, and its clock may have begun anew.
   */
  sinceMs: number | null;
  /** Null until then. */
  endedMs: number | null;
  outcome: Outcome | null;
  /** It had completed, and is in no figure, since its stay was cut off before it could be attested again. */
  unproved?: true;
  /** Samples that are in the journal, warm-ups not counted. */
  samplesDone: number;
  /** CPU time that hosts and guests spent over all of this attempt, in s, and energy in J; empty where it is not known, or went on after a break. */
  cpu: Map<string, { role: 'host' | 'guest'; spentS: number; energy: EventOf<'cpu'>['energy'] }>;
  table: SampleTable;
  /** Since it began, or went on, by the harness's clock, in ms: its samples, warm-ups not counted. */
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
  /** Of each target, how long stays were by its clock and by ours. */
  clocks: (NonNullable<EventOf<'noise'>['clock']> & { target: string })[];
  /** Of machines with a GPU. */
  states: Pick<EventOf<'machine-state'>, 'target' | 'before' | 'after' | 'spentS' | 'domains' | 'faults'>[];
}

/** What the run was at, at the newest event. */
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
