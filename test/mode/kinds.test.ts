/** What each kind of mode declares of itself, by what follows from it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { specificationOf } from '../../src/compare/specification.ts';
import { parseExperiment } from '../../src/experiment/load.ts';
import type { Experiment } from '../../src/experiment/schema.ts';
import { type ModeSpec, modeFor, modeKindOf, modeKinds } from '../../src/mode/kinds.ts';
import { NO_COMMANDS } from '../support/place.ts';
import { problemOf } from '../support/problem.ts';

/** One mode of each kind, in an experiment whose guests are on a host. */
function experimentOf(modes: Record<string, string>): Experiment {
  const entries = Object.entries(modes).map(([use, options]) => `  ${use}: { use: ${use}, ${options} }`);
  return parseExperiment(
    `name: kinds
baseline: ${Object.keys(modes)[0] ?? ''}
targets: { host: { ssh: h }, a: { ssh: a, host: host, power: &power { use: xl, config: /etc/xen/a.cfg } }, b: { ssh: b, host: host, power: *power } }
modes:
${entries.join('\n')}
workloads: [{ use: clpeak }]
`,
    'kinds.yaml',
  );
}

const USES = modeKinds.map(({ use }) => use);
/** What a kind has no default for. */
const REQUIRED: Record<string, string> = {
  gvtg: ', type: i915-GVTg_V5_4',
  'nvidia-vgpu': ", device: '0000:41:00.0', type: 232",
  passthrough: ", device: '0000:01:00.0'",
  'virtio-gpu': ', variant: venus',
  forwarding: ', by: pocl-remote, address: 10.0.0.1, port: 10998',
};
const { modes: PLAIN } = experimentOf(
  Object.fromEntries(USES.map((use) => [use, `on: a${REQUIRED[use] ?? ''}`])),
);
const plain = (use: string): ModeSpec => PLAIN[use]!;
const modeOf = (entry: string) => experimentOf({ custom: `on: a, ${entry}` }).modes['custom']!;
const usesWhere = (holds: (kind: (typeof modeKinds)[number]) => boolean) =>
  modeKinds.filter(holds).map(({ use }) => use);

describe('the kinds of modes', () => {
  it('that have the whole GPU are those without a boundary to break', () => {
    assert.deepEqual(
      usesWhere(({ facts }) => facts.ownsGpu),
      ['native', 'passthrough', 'lab-native', 'lab-passthrough'],
    );
  });

  it('can be attested before they are entered where they are the whole machine’s', () => {
    assert.deepEqual(
      usesWhere(({ facts }) => facts.attestedUnentered),
      ['native', 'lab-native'],
    );
  });

  it('that have room for one guest refuse a second', () => {
    const refused = USES.filter((use) => {
      try {
        experimentOf({ [use]: `on: [a, b]${REQUIRED[use] ?? ''}` });
        return false;
      } catch {
        return true;
      }
    });
    assert.deepEqual(refused, ['passthrough', 'lab-passthrough']);
    const { details } = problemOf(() => experimentOf({ 'lab-passthrough': 'on: [a, b]' }));
    assert.match(details!.join('\n'), /one target: lab-passthrough does not support more guests/);
  });

  it('each have their boundary', () => {
    assert.deepEqual(Object.fromEntries(modeKinds.map(({ use, facts }) => [use, facts.boundary])), {
      native: 'none',
      pvdrm: 'DRM',
      xengt: 'trap',
      gvtg: 'trap',
      'nvidia-vgpu': 'device',
      passthrough: 'device',
      'virtio-gpu': 'API or DRM',
      forwarding: 'API',
      custom: 'unknown',
      'lab-native': 'none',
      'lab-passthrough': 'device',
      'lab-pvdrm': 'DRM',
      'lab-mediated': 'trap',
      'lab-forwarding': 'API',
      'lab-emulation': 'trap',
    });
  });

  const ON_XEN = ['lab-passthrough', 'lab-pvdrm', 'lab-mediated', 'lab-forwarding', 'lab-emulation'];

  it('whose guests sleep are those on Xen, and your own where they are woken or powered', () => {
    assert.deepEqual(
      usesWhere(({ use, sleeps }) => sleeps(plain(use))),
      ['pvdrm', 'xengt', 'gvtg', 'nvidia-vgpu', 'passthrough', 'virtio-gpu', ...ON_XEN],
    );
    const { sleeps } = modeKindOf({ use: 'custom' });
    assert.ok(sleeps(modeOf('wake: [w], sleep: [s]')));
    assert.ok(sleeps(modeOf('power: { start: s, destroy: d }')));
  });

  it('that are made on the host say so, and what has to be there', () => {
    const needs = (use: string) => modeKindOf({ use } as ModeSpec).needs(plain(use));
    assert.deepEqual(
      usesWhere(({ use, needsHost }) => needsHost(plain(use)) !== undefined),
      ['pvdrm', 'xengt', 'gvtg', 'nvidia-vgpu', 'passthrough', 'virtio-gpu', 'forwarding', ...ON_XEN],
    );
    for (const use of ON_XEN)
      assert.deepEqual(needs(use), [
        { at: 'guest', program: 'vgpu-mode' },
        { at: 'host', program: 'vgpu-mode' },
      ]);
    assert.deepEqual(needs('lab-native'), [{ at: 'guest', program: 'vgpu-window' }]);
    assert.deepEqual([needs('native'), needs('custom')], [[], []]);
    const at = (use: string, where: string) =>
      needs(use).flatMap((need) => (need.at === where ? need.program : []));
    assert.deepEqual([at('pvdrm', 'guest'), at('xengt', 'host')], [['modprobe'], ['xl']]);
    assert.ok(at('pvdrm', 'host').includes('xenstore-write'));
  });

  it('that start their guests anew need to know how', () => {
    assert.deepEqual(
      usesWhere(({ use, needsPower }) => needsPower(plain(use)) !== undefined),
      ['pvdrm', 'xengt', 'gvtg', 'nvidia-vgpu', 'passthrough', 'virtio-gpu'],
    );
  });

  it('need the host where any command of yours runs there', () => {
    const { needsHost } = modeKindOf({ use: 'custom' });
    for (const entry of [
      'prepare: [{ run: p, at: host }], restore: [r]',
      'prepare: [p], restore: [{ run: r, at: host }]',
      'attest: [{ run: a, at: host }]',
      'during: [{ run: d, at: host }]',
      'count: [{ run: c, at: host }]',
    ])
      assert.equal(needsHost(modeOf(entry)), 'runs commands at: host', entry);
    for (const entry of ['wake: [w], sleep: [s]', 'power: { start: s, destroy: d }'])
      assert.equal(needsHost(modeOf(entry)), 'is woken on the guest’s host', entry);
    assert.equal(needsHost(modeOf('prepare: [p], restore: [r], attest: [{ run: a }]')), undefined);
  });

  it('load the program that does their work', async () => {
    for (const use of USES) assert.equal(typeof (await modeFor(use, plain(use))).attest, 'function', use);
  });
});

describe('a claim of a mode of your own', () => {
  it('may expect any text but none', () => {
    assert.ok(modeOf('attest: [{ run: a, expect: x, claim: y }]'));
    for (const entry of ['expect: ""', 'claim: ""'])
      assert.equal(problemOf(() => modeOf(`attest: [{ run: a, ${entry} }]`)).code, 'VGB-EXPERIMENT', entry);
  });
});

describe('what shapes a figure, as two runs have to agree on it', () => {
  it('is every option but those that prove between trials, count or wake; and no definition, as long as it is the first', () => {
    const { modes } = specificationOf(
      experimentOf({
        native: 'on: a, driver: i915, device: /dev/dri/card0',
        custom:
          'on: a, wake: [w], sleep: [s], power: { start: s, destroy: d }, prepare: [p], restore: [r], attest: [{ run: a }], ' +
          'during: [{ run: d }], count: [{ run: c }], wrapper: "nice {command}", environment: { LEVEL: one }',
        'lab-native': 'on: a',
        'lab-passthrough': 'on: a',
        'lab-pvdrm': 'on: a, cache: true',
        'lab-mediated': 'on: [a, b], slice: 8MiB, quantum: 20ms',
        'lab-forwarding': 'on: a',
        'lab-emulation': 'on: a',
      }),
    );
    assert.deepEqual(modes, {
      native: {
        use: 'native',
        hypervisor: 'none',
        driver: 'i915',
        device: '/dev/dri/card0',
        targets: 1,
      },
      custom: {
        use: 'custom',
        prepare: [{ run: 'p', at: 'guest' }],
        during: [{ run: 'd', at: 'guest' }],
        restore: [{ run: 'r', at: 'guest' }],
        wrapper: 'nice {command}',
        environment: { LEVEL: 'one' },
        targets: 1,
      },
      'lab-native': { use: 'lab-native', definition: 2, targets: 1 },
      'lab-passthrough': { use: 'lab-passthrough', definition: 2, targets: 1 },
      'lab-pvdrm': {
        use: 'lab-pvdrm',
        definition: 3,
        cache: true,
        sequential: true,
        rest: false,
        targets: 1,
      },
      'lab-mediated': {
        use: 'lab-mediated',
        definition: 3,
        slice: 8 * 1024 ** 2,
        quantum: 20,
        context: true,
        targets: 2,
      },
      'lab-forwarding': { use: 'lab-forwarding', targets: 1 },
      'lab-emulation': { use: 'lab-emulation', definition: 2, targets: 1 },
    });
  });
});

describe('what it costs to change an option', () => {
  it('is nothing, but for those that load a module, or start a guest or a machine', () => {
    const costly = modeKinds.flatMap(({ use, options }) =>
      Object.entries(options)
        .filter(([, { costs }]) => costs !== 'nothing')
        .map(([option, { costs }]) => `${use}.${option}: ${costs}`),
    );
    assert.deepEqual(costly, [
      'native.hypervisor: machine boot',
      'native.driver: module',
      'pvdrm.device: module',
      'pvdrm.cache: guest boot',
      'pvdrm.sequential: module',
      'xengt.aperture: guest boot',
      'xengt.graphics-memory: guest boot',
      'xengt.fences: guest boot',
      'gvtg.type: guest boot',
      'gvtg.device: guest boot',
      'gvtg.uuid: guest boot',
      'nvidia-vgpu.device: guest boot',
      'nvidia-vgpu.type: guest boot',
      'nvidia-vgpu.function: guest boot',
      'nvidia-vgpu.uuid: guest boot',
      'nvidia-vgpu.scheduler: machine boot',
      'nvidia-vgpu.time-slice: machine boot',
      'nvidia-vgpu.parameters: guest boot',
      'passthrough.device: guest boot',
      'passthrough.with: guest boot',
      'passthrough.plug: guest boot',
      'passthrough.reset: guest boot',
      'passthrough.permissive: guest boot',
      'passthrough.confidential: machine boot',
      'virtio-gpu.variant: guest boot',
      'virtio-gpu.device: guest boot',
      'custom.power: guest boot',
      'custom.prepare: machine boot',
    ]);
  });
});

describe('the options of the lab’s mediated mode', () => {
  const options = (entry: string) => {
    const { slice, quantum } = experimentOf({ 'lab-mediated': `on: a, ${entry}` }).modes[
      'lab-mediated'
    ] as Extract<ModeSpec, { use: 'lab-mediated' }>;
    return [slice, quantum];
  };

  it('are a slice of whole MiB and a quantum of whole ms up to ten seconds', () => {
    assert.deepEqual(options(''), [16 * 1024 ** 2, 15]);
    assert.deepEqual(options('slice: 9MiB, quantum: 10s'), [9 * 1024 ** 2, 10_000]);
    for (const [entry, expected] of [
      ['slice: 1.5MiB', /expected whole MiB/],
      ['slice: 1MB', /expected whole MiB/],
      ['slice: 7MiB', /expected whole MiB, 8MiB or more/],
      ['quantum: 1.5ms', /expected whole ms/],
      ['quantum: 10.001s', /at most 10s/],
    ] as const)
      assert.match(
        problemOf(() => options(entry))
          .details!.join('\n')
          .replace(/expected: +/, 'expected '),
        expected,
        entry,
      );
  });
});

describe('the lab’s PVDRM mode', () => {
  it('is without its cache, and serves one request after the other, unless told otherwise', () => {
    const { cache, sequential } = plain('lab-pvdrm') as Extract<ModeSpec, { use: 'lab-pvdrm' }>;
    assert.deepEqual([cache, sequential], [false, true]);
  });
});

describe('the registry of modes', () => {
  it('has one for each word of the experiment file', async () => {
    assert.equal(
      (await modeFor('a', { use: 'custom', on: ['x'], ...NO_COMMANDS, wrapper: 'w {command}' })).wrap('c'),
      'w c',
    );
    assert.equal((await modeFor('b', { use: 'native', on: ['x'], hypervisor: 'none' })).name, 'b');
  });
});
