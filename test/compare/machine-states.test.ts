/** What states of machines say against figures. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type MachineStates, stateWarnings } from '../../src/compare/machine-states.ts';

type State = MachineStates[number];

const GPU: State['after'][number] = {
  ...{
    device: 'GPU-1a2b',
    clockMhz: null,
    mostMhz: null,
    memoryMhz: null,
    celsius: null,
    watts: null,
    lanes: null,
  },
  ...{ mostLanes: null, link: null, mostLink: null, throttled: null, level: null, mostLevel: null },
};
const stay = (more: Partial<State>): State => ({
  ...{ block: 1, mode: 'slow', target: 'a', before: [], after: [], spentS: 10, domains: [], faults: [] },
  ...more,
});
const codes = (...states: State[]) =>
  stateWarnings(
    { targets: { a: { ssh: 'a', shell: 'sh' }, g1: { ssh: 'g1', shell: 'sh', domain: 'guest-1' } } },
    states,
  ).map(({ code }) => code);
const clock = (clockMhz: number | null, device = 'GPU-1a2b') =>
  stay({ after: [{ ...GPU, device, clockMhz, mostMhz: 1980 }] });

describe('the clock of a GPU of NVIDIA’s', () => {
  it('that never rose is warned of', () => {
    assert.deepEqual(codes(clock(345), clock(400)), ['gpu-idle']);
  });

  it('that rose in some stay, or is not told, is not', () => {
    assert.deepEqual(codes(clock(345), clock(1700)), []);
    assert.deepEqual(codes(clock(null)), []);
    assert.deepEqual(codes(clock(345, 'card0')), [], 'others’ sink at once');
  });
});

describe('a domain beside the experiment’s', () => {
  const busy = (name: string, ...cpuS: number[]) =>
    codes(...cpuS.map((one) => stay({ domains: [{ name, cpuS: one, pinned: 'all' }] })));

  it('is warned of by what it used over all stays, and not by the worst', () => {
    assert.deepEqual(busy('build', 5, 5), ['other-tenants']);
    assert.deepEqual(busy('build', 2, 0, 0, 0), []);
  });

  it('is none that the experiment names', () => {
    assert.deepEqual(busy('guest-1', 10), []);
    assert.deepEqual(busy('Domain-0', 10), []);
  });
});

describe('what a driver tells', () => {
  it('of faults is warned of with the first of them, and where', () => {
    const [warning] = stateWarnings({ targets: {} }, [
      stay({}),
      stay({ block: 2, faults: ['NVRM: Xid 31', 'NVRM: Xid 43'] }),
    ]);
    assert.match(warning?.text ?? '', /in 1 of 2 stays \(slow in block 2\): “NVRM: Xid 31”/);
  });

  it('of what holds a clock back, of lanes and of levels is warned of once for each GPU', () => {
    const gpu = {
      ...GPU,
      device: 'card1',
      throttled: 'power cap',
      lanes: 4,
      mostLanes: 16,
      level: '07',
      mostLevel: '0f',
    };
    const told = stateWarnings({ targets: {} }, [stay({ after: [gpu] }), stay({ after: [gpu] })]);
    assert.deepEqual(
      told.map(({ code }) => code),
      ['gpu-throttled', 'gpu-link', 'gpu-level'],
    );
    assert.match(told[0]?.text ?? '', /^card1 of a, after 2 of 2 stays: /);
    assert.match(told[2]?.text ?? '', /echo 0f > \/sys\/kernel\/debug\/dri\/1\/pstate/);
  });
});
