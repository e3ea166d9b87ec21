import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bestClock, elapsedNs } from '../../src/target/clock.ts';

const line = (source: string, step: number, from: bigint) =>
  `${source} ${Array.from({ length: 25 }, (_, i) => String(from + BigInt(i * step))).join(' ')}`;

describe('bestClock', () => {
  it('takes the clock with the smallest step', () => {
    const probe = [
      line('date', 900_000, 1_700_000_000_000_000_000n),
      line('timer_list', 35_000, 5_000_000_000n),
    ].join('\n');
    assert.deepEqual(bestClock(probe), { source: 'timer_list', tickNs: 35_000, monotonic: true });
  });

  it('takes the smallest of a clock’s steps, past those in which it stood still or ran backwards', () => {
    const at = [0, 500, 500, 400, 450, ...Array.from({ length: 20 }, (_, i) => 1000 * (i + 1))];
    const readings = at.map((ns) => String(1_700_000_000_000_000_000n + BigInt(ns)));
    const clock = bestClock(`date ${readings.join(' ')}\n`);
    assert.deepEqual(clock, { source: 'date', tickNs: 50, monotonic: false });
  });

  it('knows that /proc/uptime stands still for 10 ms', () => {
    const probe = `uptime ${Array.from({ length: 25 }, () => '123.45').join(' ')}`;
    assert.deepEqual(bestClock(probe), { source: 'uptime', tickNs: 10_000_000, monotonic: true });
  });

  it('passes over a clock that gave no numbers, or too few', () => {
    assert.equal(bestClock(`date ${'N '.repeat(25).trim()}\nEPOCHREALTIME 1.000001 1.000002`), undefined);
  });
});

describe('elapsedNs', () => {
  it('reads each source in its own unit', () => {
    assert.equal(elapsedNs('EPOCHREALTIME', '1700000000.000001', '1700000000,000003'), 2000);
    assert.equal(elapsedNs('uptime', '10.25', '10.50'), 250_000_000);
    assert.equal(elapsedNs('date', '1700000000000000001', '1700000000000000008'), 7);
  });

  it('is null where time ran backwards or could not be read', () => {
    assert.equal(elapsedNs('date', '1700000000000000008', '1700000000000000001'), null);
    assert.equal(elapsedNs('date', '', '1700000000000000001'), null);
  });
});
