import type { Event } from './event.ts';
import {
  type MachineRecord,
  type RunRecord,
  type TrialRecord,
  type VisitRecord,
  emptyRecord,
} from './run-record.ts';
import { SampleTable } from './sample-table.ts';
import { giveUpUnproved } from './unproved.ts';

/** The record of everything that happened in sessions that are over. Reads the events once. */
export function recordOf(events: Iterable<Event>): RunRecord {
  const record = emptyRecord();
  for (const event of events) fold(record, event);
  giveUpUnproved(record);
  return record;
}

/**
 * Applies an event to a run's record, in place, because a run may have a million samples. This is the only
 * place that defines what an event means for a run.
 */
export function fold(record: RunRecord, event: Event): RunRecord {
  tellTime(record, event);
  switch (event.type) {
    case 'run-started':
      record.token = event.token;
      record.directory = event.directory;
      record.digests = event.digests;
      beginShard(record, event);
      record.origin = event.origin;
      beginSession(record, event);
      break;
    case 'run-resumed':
      if (event.retry) record.quarantined.clear();
      giveUpUnproved(record);
      beginSession(record, event);
      break;
    case 'merged':
      record.merged = { unit: event.unit, of: event.of, lost: event.lost };
      break;
    case 'run-ended':
      record.endReason = event.reason;
      if (event.reason === 'budget') record.spentMs = 0;
      break;
    case 'blocks-added':
      record.added = { blocks: event.blocks, only: event.only };
      break;
    case 'target-ready': {
      const { target, shell, clock, scratch, fingerprint } = event;
      record.targets.set(target, { target, shell, clock, scratch, fingerprint });
      // Replaced rather than changed: earlier trials keep the boots that they ran in.
      record.boots = new Map(record.boots).set(target, fingerprint['boot']);
      record.shards.at(-1)?.targets.set(target, fingerprint);
      const { clocksource, boot = '' } = fingerprint;
      const boots = record.sessions.at(-1)?.boots;
      if (boot !== '') boots?.set(target, new Set(boots.get(target)).add(boot));
      if (clocksource !== undefined && !record.clocksources.has(target))
        record.clocksources.set(target, clocksource);
      break;
    }
    case 'power': {
      const { wall, target, action, ok, tookMs, output } = event;
      record.powers.push({ wall, target, action, ok, tookMs, output });
      break;
    }
    case 'boot-planned': {
      const known = machineOf(record, event.machine);
      known.found ??= event.found;
      known.now = null;
      record.activity = { doing: 'booting', machine: event.machine, boot: event.boot };
      break;
    }
    case 'booted': {
      const { wall, machine, boot, block, id, system, ok, tookMs, output } = event;
      const known = machineOf(record, machine);
      if (ok) {
        known.now = { boot, id, block };
        known.systems.set(boot, system);
      }
      record.machineBoots.push({ wall, machine, boot, block, system, ok, tookMs, output });
      break;
    }
    case 'machine-returned':
      if (event.ok) Object.assign(machineOf(record, event.machine), { found: null, now: null });
      break;
    case 'rung': {
      const { wall, rung, mode, trial, ok, tookMs } = event;
      record.rungs.push({ wall, rung, mode, trial, ok, tookMs });
      break;
    }
    case 'gpu':
      record.gpus.set(event.mode, new Map(record.gpus.get(event.mode)).set(event.target, event.gpu));
      break;
    case 'quarantined':
      record.quarantined.set(event.mode, event.reason);
      break;
    case 'undo-planned':
      record.pendingUndo.set(event.id, { id: event.id, ...event.undo });
      record.activity = { doing: 'preparing', mode: event.mode };
      break;
    case 'undone':
      if (event.ok) record.pendingUndo.delete(event.id);
      record.activity = { doing: 'restoring' };
      break;
    case 'attested': {
      const { block, mode, when, trial, ok, findings } = event;
      const attestation = { when, ...(trial === undefined ? {} : { trial }), ok, findings };
      const visit = visitOf(record, block, mode, when);
      visit.attestations.push(attestation);
      // Each is also marked void by an event, but a session may be cut off before that.
      if (when === 'after' && !ok) for (const id of visit.completed) voidTrial(record, id);
      if (when !== 'during') record.activity = { doing: 'attested', mode, when };
      break;
    }
    case 'counted':
      visitOf(record, event.block, event.mode).counters.push({
        target: event.target,
        counters: event.counters,
      });
      break;
    case 'noise': {
      const { block, mode, target, load1, stealShare, throttled, clock } = event;
      const visit = visitOf(record, block, mode);
      visit.noise.push({ target, load1, stealShare, throttled });
      if (clock !== undefined) visit.clocks.push({ target, ...clock });
      break;
    }
    case 'machine-state': {
      const { block, mode, target, before, after, spentS, domains, faults } = event;
      visitOf(record, block, mode).states.push({ target, before, after, spentS, domains, faults });
      break;
    }
    case 'trial-started': {
      const trial = attemptAt(record, event);
      trial.startedWall ??= event.wall;
      trial.boots = record.boots;
      trial.pace = { sinceMs: event.atMs, samples: 0, firstMs: event.atMs, lastMs: event.atMs };
      record.activity = { doing: 'sampling' };
      record.current = { trial: event.trial, sample: event.fromIndex, warmup: false };
      break;
    }
    case 'sample': {
      const trial = record.trials.get(event.trial) ?? newTrial(record, event);
      if (trial.attempt === event.attempt) addSample(trial, event);
      record.current = { trial: event.trial, sample: event.index + 1, warmup: event.warmup };
      break;
    }
    case 'trial-ended': {
      // A trial whose mode could not be entered ends without having started.
      const known = record.trials.get(event.trial);
      const trial = known?.attempt === event.attempt ? known : newTrial(record, event);
      Object.assign(trial, { outcome: event.outcome, endedMs: event.atMs });
      if (event.outcome.kind === 'completed') record.visits.at(-1)?.completed.push(event.trial);
      record.sinceMs = event.atMs;
      break;
    }
    case 'trial-voided': {
      const trial = record.trials.get(event.trial);
      if (trial?.attempt === event.attempt) trial.outcome = { kind: 'void', reason: event.reason };
      record.sinceMs = event.atMs;
      break;
    }
    case 'cpu': {
      const trial = record.trials.get(event.trial);
      // For one that continued after a break, its beginning is not included.
      const { target, role, spentS, energy } = event;
      if (trial?.sinceMs != null) trial.cpu.set(target, { role, spentS, energy });
      break;
    }
    case 'incident': {
      const { wall, kind, target, trial, text } = event;
      record.incidents.push({ wall, kind, target, trial, text });
      break;
    }
  }
  return record;
}

/** The time its sessions took: between two of them the harness was away, and its clock may have restarted. */
function tellTime(record: RunRecord, event: Event): void {
  const opens = event.type === 'run-started' || event.type === 'run-resumed';
  if (record.newestMs !== null && !opens) record.spentMs += event.atMs - record.newestMs;
  record.newestMs = event.atMs;
  record.started ??= event.wall;
  record.newest = event.wall;
}

function machineOf(record: RunRecord, machine: string): MachineRecord {
  const known = record.machines.get(machine) ?? {
    found: null,
    now: null,
    systems: new Map<string, string>(),
  };
  record.machines.set(machine, known);
  return known;
}

/** What is known about machines applies to one shard: the next one's may be others. */
function beginShard(record: RunRecord, { shard }: Extract<Event, { type: 'run-started' }>): void {
  if (shard === undefined) return;
  giveUpUnproved(record);
  record.boots = new Map();
  record.clocksources = new Map();
  record.gpus = new Map();
  record.shards.push({ ...shard, targets: new Map(), gpus: record.gpus });
}

function beginSession(
  record: RunRecord,
  event: Extract<Event, { type: 'run-started' | 'run-resumed' }>,
): void {
  if (record.sessions.length > 0) record.cutOff = record.endReason === null;
  const { wall, versions, pid, ssh = {} } = event;
  const shard = record.shards.at(-1)?.index;
  record.sessions.push({ wall, versions, pid, boots: new Map(), ssh, shard });
  record.endReason = null;
  record.sinceMs = event.atMs;
  record.activity = { doing: 'connecting' };
}

function voidTrial(record: RunRecord, id: string): void {
  const trial = record.trials.get(id);
  if (trial?.outcome?.kind === 'completed')
    trial.outcome = { kind: 'void', reason: 'its mode was not attested after it' };
}

/** The trial's record for an attempt that begins or, after an interrupt, continues. */
function attemptAt(record: RunRecord, event: Extract<Event, { type: 'trial-started' }>): TrialRecord {
  const known = record.trials.get(event.trial);
  if (known?.attempt === event.attempt) {
    known.sinceMs = null;
    known.format = event.v;
    return known;
  }
  // Its position is that of its newest attempt.
  record.trials.delete(event.trial);
  const fresh = newTrial(record, event);
  fresh.sinceMs = record.sinceMs ?? event.atMs;
  return fresh;
}

function newTrial(
  record: RunRecord,
  { trial, attempt, v }: Extract<Event, { attempt: number }>,
): TrialRecord {
  const fresh: TrialRecord = {
    attempt,
    format: v,
    startedWall: null,
    boots: record.boots,
    sinceMs: null,
    endedMs: null,
    outcome: null,
    samplesDone: 0,
    cpu: new Map(),
    table: new SampleTable(),
    pace: null,
  };
  record.trials.set(trial, fresh);
  return fresh;
}

function addSample(trial: TrialRecord, event: Extract<Event, { type: 'sample' }>): void {
  trial.table.append(event);
  if (event.warmup) return;
  trial.samplesDone = Math.max(trial.samplesDone, event.index + 1);
  const { pace } = trial;
  if (pace === null) return;
  if (pace.samples++ === 0) pace.firstMs = event.atMs;
  pace.lastMs = event.atMs;
}

/**
 * The newest visit, if it is to that mode in that block; otherwise a new one begins when its mode is
 * attested.
 */
function visitOf(
  record: RunRecord,
  block: number,
  mode: string,
  when?: 'before' | 'during' | 'after',
): VisitRecord {
  const last = record.visits.at(-1);
  const again = when === 'before' && (last?.attestations.length ?? 0) > 0;
  if (last?.block === block && last.mode === mode && !again) return last;
  const fresh: VisitRecord = {
    block,
    mode,
    completed: [],
    attestations: [],
    counters: [],
    noise: [],
    states: [],
    clocks: [],
  };
  record.visits.push(fresh);
  return fresh;
}
