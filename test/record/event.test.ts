/** The words that journals hold: one that went missing would make earlier runs unreadable. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type EventBody, JOURNAL_FORMAT, type Outcome, eventSchema } from '../../src/record/event.ts';

const when = { v: JOURNAL_FORMAT, atMs: 1, wall: '2030-01-01T00:00:00.000Z' } as const;
const trial = { trial: 'b1.native.work', attempt: 1 };
const visit = { block: 1, mode: 'native' };

function probed(outcome: 'refused' | 'allowed' | 'not-applicable'): EventBody {
  const readings = [{ metrics: [], phases: {}, crossings: {}, verdict: { outcome, evidence: 'seen' } }];
  const guests = [{ target: 'a', durationNs: null, readings }];
  return { type: 'sample', ...trial, index: 0, warmup: false, guests, startSpreadNs: null };
}

function measured(better: 'higher' | 'lower'): EventBody {
  const metrics = [{ name: 'time', unit: 'ms', better, value: 5 }];
  const readings = [{ metrics, phases: { launch: 1 }, crossings: { trap: 2 }, checksum: 'a1' }];
  const guests = [{ target: 'a', durationNs: 7, readings }];
  return { type: 'sample', ...trial, index: 0, warmup: true, guests, startSpreadNs: 3 };
}

const OUTCOMES: Outcome[] = [
  { kind: 'completed' },
  { kind: 'failed', reason: 'no', transport: true },
  { kind: 'timed-out', reason: 'no', afterMs: 5 },
  { kind: 'void', reason: 'no' },
  { kind: 'aborted', reason: 'no' },
  { kind: 'skipped', reason: 'no' },
];

const EVERY: EventBody[] = [
  { type: 'run-started', token: 't', directory: '/', versions: { vgpubench: '1' }, pid: 1 },
  { type: 'run-resumed', versions: { vgpubench: '1' }, pid: 1, retry: true },
  {
    type: 'target-ready',
    target: 'a',
    shell: 'sh',
    clock: { source: 'date', tickNs: 1, monotonic: true },
    scratch: null,
    fingerprint: { kernel: 'one' },
  },
  ...(['start', 'stop', 'destroy', 'reset'] as const).map((action): EventBody => ({
    type: 'power',
    target: 'a',
    action,
    ok: true,
    tookMs: 1,
    output: '',
  })),
  { type: 'undo-planned', id: '1', mode: 'native', undo: { target: 'a', script: 'true' } },
  { type: 'undone', id: '1', ok: true, output: '' },
  ...(['before', 'during', 'after'] as const).map((moment): EventBody => ({
    type: 'attested',
    ...visit,
    when: moment,
    trial: trial.trial,
    ok: true,
    findings: [{ target: 'a', claim: 'it is', ok: true, evidence: 'seen' }],
  })),
  { type: 'counted', ...visit, target: 'a', counters: { trap: 1 } },
  { type: 'noise', ...visit, target: 'a', load1: 1, stealShare: 0, throttled: null },
  { type: 'trial-started', ...trial, fromIndex: 0 },
  ...(['refused', 'allowed', 'not-applicable'] as const).map(probed),
  ...(['higher', 'lower'] as const).map(measured),
  ...OUTCOMES.map((outcome): EventBody => ({ type: 'trial-ended', ...trial, outcome })),
  { type: 'trial-voided', ...trial, reason: 'no' },
  ...(['link', 'time-out', 'failure', 'void', 'restore', 'recovery', 'noise'] as const).map(
    (kind): EventBody => ({ type: 'incident', kind, target: null, trial: null, text: 'it was' }),
  ),
  ...(['completed', 'precision', 'plateau', 'budget', 'interrupted', 'failed'] as const).map(
    (reason): EventBody => ({ type: 'run-ended', reason }),
  ),
];

describe('an event', () => {
  it('of every type, with every word it may have, is read as it was written', () => {
    for (const body of EVERY) {
      const event = { ...when, ...body };
      assert.deepEqual(eventSchema.safeParse(event).data, event, JSON.stringify(body));
    }
  });

  it('without phases and crossings, as programs that tell none have it, has none of them', () => {
    const event = { ...when, ...measured('lower') } as Record<string, unknown>;
    event['guests'] = [{ target: 'a', durationNs: 1, readings: [{ metrics: [] }] }];
    const { guests } = eventSchema.parse(event) as Extract<EventBody, { type: 'sample' }>;
    assert.deepEqual(guests[0]!.readings, [{ metrics: [], phases: {}, crossings: {} }]);
  });

  it('of a sample has a guest, and a reading of it', () => {
    const event = { ...when, ...measured('lower') };
    const guest = { target: 'a', durationNs: 1, readings: [] };
    assert.ok(!eventSchema.safeParse({ ...event, guests: [] }).success);
    assert.ok(!eventSchema.safeParse({ ...event, guests: [guest] }).success);
  });
});
