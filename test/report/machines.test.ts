/** What the page says of machines. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { environment, incidents } from '../../src/report/html-evidence.ts';
import { simulatedRun } from '../compare/simulated-run.ts';
import { rowsOf } from './rows.ts';

const results = simulatedRun().results;

describe('machines on the page', () => {
  it('have what their GPUs were like over the run, of those that tell', () => {
    const none = {
      ...{ clockMhz: null, mostMhz: null, memoryMhz: null, celsius: null, watts: null, lanes: null },
      ...{ mostLanes: null, link: null, mostLink: null, throttled: null, level: null, mostLevel: null },
    };
    const gpu = {
      ...none,
      device: 'card0',
      clockMhz: 1150,
      mostMhz: 1200,
      celsius: 40.1,
      lanes: 4,
      mostLanes: 16,
    };
    const state = { block: 1, mode: 'slow', target: 'a', spentS: 10, domains: [], faults: [] };
    const page = environment({
      ...results,
      machineStates: [
        { ...state, before: [{ ...gpu, celsius: 35 }], after: [gpu] },
        { ...state, before: [gpu], after: [{ ...gpu, clockMhz: 900, throttled: 'power cap' }] },
        {
          ...state,
          target: 'b',
          before: [{ ...none, device: 'card0' }],
          after: [{ ...none, device: 'card0' }],
        },
      ],
      environment: ['a', 'b'].map((target) => ({
        ...{ target, shell: 'dash', clock: { source: 'date', tickNs: 1, monotonic: true }, fingerprint: {} },
      })),
    });
    assert.deepEqual(
      rowsOf(page).filter(([name = '']) => name.startsWith('card0')),
      [
        ['card0: clock after trials', '900 to 1150 MHz, of up to 1200 MHz', ''],
        ['card0: temperature', '35 to 40.1 °C', ''],
        ['card0: PCIe link', '4 of 16 lanes', ''],
        ['card0: throttled by', 'power cap', ''],
      ],
    );
  });

  it('have restarts of machines by boot, with what came up', () => {
    const boot = { wall: '', machine: 'nv', boot: 'xen', block: 1, system: 'Linux; xen 4.17', output: '' };
    const page = incidents({
      ...results,
      machineBoots: [
        { ...boot, ok: true, tookMs: 60_000 },
        { ...boot, ok: true, tookMs: 90_000 },
        { ...boot, ok: false, tookMs: 300_000, system: '' },
      ],
    });
    assert.deepEqual(rowsOf(page).at(-1), ['nv', 'xen', '3', '1', '75.0 s', 'Linux; xen 4.17']);
  });
});
