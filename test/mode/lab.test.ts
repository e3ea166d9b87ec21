import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ModeSpec, modeFor } from '../../src/mode/kinds.ts';
import type { Counters, Finding, Mode, Place, Site } from '../../src/mode/mode.ts';

/** What the two sides answer; a test changes what it is about. */
interface Machine {
  host: Record<string, string>;
  guest: Record<string, string>;
  hostCount: Counters;
  guestCount: Counters;
  /** What dom0 counts while the guest's probe runs. */
  probeCount: Counters;
  /** What dom0 counts while a program runs twice in the guest, after its trials. */
  twiceCount: Counters;
}

function site(machine: Machine): Site {
  const facts = (all: Record<string, string>, who: string, count: Counters): string =>
    [...Object.entries(all), ['counters', JSON.stringify({ [who]: { ...count, total: 0 } })]]
      .map((fact) => fact.join('\t'))
      .join('\n');
  const answer = (stdout: string) => Promise.resolve({ exitCode: 0, stdout, stderr: '' });
  const host: Place = { name: 'dom0', run: () => answer(facts(machine.host, 'g1', machine.hostCount)) };
  const guest: Place = {
    name: 'guest',
    run: (script) => {
      const twice = script.includes('nop 1 2');
      const told = facts(machine.guest, 'guest', machine.guestCount);
      add(machine.hostCount, twice ? machine.twiceCount : machine.probeCount);
      if (twice) add(machine.guestCount, machine.twiceCount);
      return answer(told);
    },
  };
  return { guest, host, domain: 'g1' };
}

function add(to: Counters, more: Counters): void {
  for (const [kind, count] of Object.entries(more)) to[kind] = (to[kind] ?? 0) + count;
}

/** A machine on which everything is as pvdrm with its cache wants it. */
function pvdrmMachine(): Machine {
  return {
    host: {
      mode: 'pvdrm g1',
      server: 'pvdrm-back',
      settings: 'ready: pvdrm-back, sequential=1, rest=0, adds 0 us per request and 0 us per page unmapped',
      domains: 'g1:running g2:paused',
      canary: 'whole',
      back: '4',
      front: '4',
    },
    guest: {
      mode: 'pvdrm cache=1',
      hypervisor: 'xen',
      type: 'PVH',
      register: '0xFFFFFFFF',
      ended: '0',
      'front-settings': 'ready: pvdrm-front, init with cache 1, CONNECTED',
    },
    hostCount: { pushbuf: 30 },
    guestCount: { pushbuf: 30 },
    probeCount: {},
    twiceCount: { gemNew: 3, fromGlobal: 3, pushbuf: 6 },
  };
}

function mediatedMachine(): Machine {
  const { host, guest, ...rest } = pvdrmMachine();
  return {
    ...rest,
    host: {
      ...host,
      mode: 'mediated g1',
      server: 'mediator',
      settings:
        'ready: mediator, 1 guests, slice 32 MB, quantum 15 ms, context 1, adds 0 us per trap and 0 us per switch',
    },
    guest: { ...guest, mode: 'mediated', register: '0x55504756', slice: '0x00800000', vram: '0x00000000' },
    probeCount: { registerRead: 2 },
  };
}

const PVDRM: ModeSpec = { use: 'lab-pvdrm', on: ['guest'], cache: true, sequential: true, rest: false };
const MEDIATED: ModeSpec = {
  use: 'lab-mediated',
  on: ['guest'],
  slice: 32 * 1024 ** 2,
  quantum: 15,
  context: true,
};

const doubts = (findings: readonly Finding[]) => findings.filter(({ ok }) => !ok).map(({ claim }) => claim);

/** Enters the mode, attests, lets the trials cross, and attests again. */
async function stay(mode: Mode, machine: Machine, guest: Counters, host: Counters = guest) {
  const where = site(machine);
  await mode.prepare(where);
  const before = await mode.attest(where);
  add(machine.guestCount, guest);
  add(machine.hostCount, host);
  const after = await mode.attest(where);
  return { before: doubts(before), after: doubts(after), counters: await mode.counters(where) };
}

describe('a mode of the lab', () => {
  it('is made on dom0 before the guest is asked, each change with its undo', async () => {
    const mode = await modeFor('m', PVDRM);
    const one = site(pvdrmMachine());
    const woken = await mode.wake?.([one, { ...one, domain: 'g2' }]);
    assert.deepEqual(woken, [
      {
        target: 'dom0',
        script: 'vgpu-mode pvdrm sequential=1 rest=0 g1 g2',
        undo: { target: 'dom0', script: 'vgpu-mode none' },
        replaces: true,
      },
    ]);
    const [entered] = await mode.prepare(one);
    assert.equal(entered?.script, 'vgpu-mode pvdrm cache=1');
    assert.deepEqual(entered.undo, { target: 'guest', script: 'vgpu-mode none' });
  });

  it('is attested where both sides agree, and counts what crossed without its own probes', async () => {
    const pvdrm = await stay(await modeFor('m', PVDRM), pvdrmMachine(), { pushbuf: 6, gemNew: 1 });
    assert.deepEqual(pvdrm, { before: [], after: [], counters: { pushbuf: 6, gemNew: 1 } });
    const mediated = await stay(await modeFor('m', MEDIATED), mediatedMachine(), {
      registerWrite: 5,
      tailWrite: 2,
    });
    assert.deepEqual(mediated, { before: [], after: [], counters: { registerWrite: 5, tailWrite: 2 } });
  });

  it('is not attested where a kind crossed that its technique does not have', async () => {
    const { after } = await stay(await modeFor('m', MEDIATED), mediatedMachine(), {
      tailWrite: 2,
      vramWrite: 1,
    });
    assert.equal(after.length, 1);
    assert.match(after[0] ?? '', /only by registerRead/);
  });

  it('is not attested where its pool does not do what its options say', async () => {
    const withPool = { gemNew: 3, fromGlobal: 3 };
    const warm = { fromGlobal: 6 };
    const without = { gemNew: 6, gemClose: 6 };
    for (const [cache, twiceCount, ended, ok] of [
      [true, withPool, '0', true],
      [true, warm, '0', true],
      [true, without, '0', false],
      [true, withPool, '124', false],
      [false, without, '0', true],
      [false, withPool, '0', false],
      [false, {}, '0', false],
    ] as const) {
      const machine = { ...pvdrmMachine(), twiceCount };
      machine.guest['ended'] = ended;
      if (!cache) machine.guest['front-settings'] = 'ready: pvdrm-front, init with cache 0';
      const { after } = await stay(await modeFor('m', { ...PVDRM, cache }), machine, { pushbuf: 6 });
      const doubt = cache ? 'are reused from the pool' : 'are created anew';
      assert.deepEqual([after.length, after.join().includes(doubt)], ok ? [0, false] : [1, true]);
    }
  });

  it('is not attested where nothing crossed, or dom0 saw something else than the guest', async () => {
    const still = await stay(await modeFor('m', PVDRM), pvdrmMachine(), {});
    assert.equal(still.after.length, 1);
    const unlike = await stay(await modeFor('m', PVDRM), pvdrmMachine(), { pushbuf: 6 }, { pushbuf: 5 });
    assert.deepEqual(unlike.after, ['dom0 served all crossings of the guest, kind by kind']);
  });

  it('judges each stay of a visit by itself: after a time-out, and where its guest was made anew', async () => {
    const emulation: ModeSpec = { use: 'lab-emulation', on: ['guest'] };
    const emulated = mediatedMachine();
    emulated.host['mode'] = 'emulation g1';
    emulated.guest['mode'] = 'emulation';
    emulated.probeCount = { registerRead: 2, vramRead: 1 };
    for (const [spec, machine, crossed] of [
      [MEDIATED, mediatedMachine(), { registerWrite: 5, tailWrite: 2 }],
      [emulation, emulated, { registerWrite: 5, tailWrite: 2, vramWrite: 9 }],
      [PVDRM, pvdrmMachine(), { pushbuf: 6 }],
    ] as const) {
      const mode = await modeFor('m', spec);
      const well = { before: [], after: [], counters: crossed };
      assert.deepEqual(await stay(mode, machine, crossed), well, `${spec.use}, its first stay`);
      assert.deepEqual(await stay(mode, machine, crossed), well, `${spec.use}, entered again`);
      machine.guestCount = {};
      assert.deepEqual(await stay(mode, machine, crossed), well, `${spec.use}, its guest made anew`);
    }
  });

  it('has no counters of a stay that was not left', async () => {
    const mode = await modeFor('m', PVDRM);
    const machine = pvdrmMachine();
    await stay(mode, machine, { pushbuf: 6 });
    const again = site(machine);
    await mode.prepare(again);
    await mode.attest(again);
    assert.deepEqual(await mode.counters(again), {});
  });

  it('judges each stay on the bare box by itself as well', async () => {
    const mode = await modeFor('m', { use: 'lab-native', on: ['guest'] });
    const machine = pvdrmMachine();
    machine.guest = { hypervisor: 'none', card: '0000:00:03.0', mode: 'native' };
    assert.deepEqual((await stay(mode, machine, { pushbuf: 1 })).counters, { pushbuf: 1 });
    const well = { before: [], after: [], counters: {} };
    assert.deepEqual(await stay(mode, machine, {}), well, 'entered again');
    machine.guestCount = {};
    assert.deepEqual(await stay(mode, machine, {}), well, 'booted anew');
  });

  it('is not attested where any one fact is wrong', async () => {
    const wrong: [string, Partial<Record<'host' | 'guest', Record<string, string>>>][] = [
      ['pvdrm serves g1', { host: { mode: 'pvdrm g2' } }],
      ['guests under test run', { host: { domains: 'g1:running g2:running' } }],
      ['guests under test run', { host: { domains: 'g1:paused g2:paused' } }],
      ['guests under test run', { host: { domains: 'g2:paused' } }],
      ['pvdrm-back runs', { host: { server: 'mediator' } }],
      ['pvdrm-back runs', { host: { settings: 'ready: pvdrm-back, sequential=0, rest=0' } }],
      ['was not written to', { host: { canary: 'written' } }],
      ['connected in xenstore', { host: { back: '2' } }],
      ['a PVH guest of Xen', { guest: { type: 'PV' } }],
      ['its runtime uses pvdrm', { guest: { mode: 'passthrough' } }],
      ['loaded with cache 1', { guest: { 'front-settings': 'ready: pvdrm-front, init with cache 0' } }],
      ['neither mapped nor trapped', { guest: { register: '0x55504756' } }],
    ];
    for (const [claim, { host, guest }] of wrong) {
      const machine = pvdrmMachine();
      Object.assign(machine.host, host);
      Object.assign(machine.guest, guest);
      const found = doubts(await (await modeFor('m', PVDRM)).attest(site(machine)));
      assert.ok(
        found.some((doubt) => doubt.includes(claim)),
        `${claim}: ${found.join('; ')}`,
      );
    }
  });

  it('reads no more of what a guest says than there can be', async () => {
    const machine = pvdrmMachine();
    machine.guest = { ...machine.guest, hypervisor: 'x'.repeat(10 ** 6), ['n'.repeat(10 ** 5)]: 'v' };
    const findings = await (await modeFor('m', PVDRM)).attest(site(machine));
    assert.deepEqual(doubts(findings), ['a PVH guest of Xen']);
    assert.ok(findings.every(({ evidence }) => evidence.length < 20_000));
    const lines = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`f${index}`, 'v']));
    machine.guest = { ...lines, ...pvdrmMachine().guest };
    assert.notDeepEqual(doubts(await (await modeFor('m', PVDRM)).attest(site(machine))), []);
  });

  it('tells a mapped slice from a trapped one by what dom0 sees of a read', async () => {
    const trapped = { ...mediatedMachine(), probeCount: { registerRead: 2, vramRead: 1 } };
    assert.equal(doubts(await (await modeFor('m', MEDIATED)).attest(site(trapped))).length, 1);
    const emulated = { ...trapped, host: { ...trapped.host, mode: 'emulation g1' } };
    emulated.guest = { ...trapped.guest, mode: 'emulation' };
    const mode = () => modeFor('m', { use: 'lab-emulation', on: ['guest'] });
    assert.deepEqual(doubts(await (await mode()).attest(site(emulated))), []);
    const mapped = { ...emulated, probeCount: { registerRead: 2 } };
    assert.equal(doubts(await (await mode()).attest(site(mapped))).length, 1);
  });

  it('in pass-through, is attested only where nothing crosses and nobody serves', async () => {
    const machine = pvdrmMachine();
    machine.host = { mode: 'passthrough g1', server: '', domains: 'g1:running g2:paused' };
    machine.guest = {
      ...machine.guest,
      mode: 'passthrough',
      register: '0x55504756',
      doorbell: '0x00000000',
    };
    const mode = () => modeFor('m', { use: 'lab-passthrough', on: ['guest'] });
    assert.deepEqual(await stay(await mode(), machine, {}), { before: [], after: [], counters: {} });
    assert.equal((await stay(await mode(), machine, { registerRead: 1 })).after.length, 1);
    machine.host['server'] = 'pvdrm-back';
    assert.equal(doubts(await (await mode()).attest(site(machine))).length, 1);
  });
});
