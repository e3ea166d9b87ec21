/** What each kind of workload takes, needs and declares of itself. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { specificationOf } from '../../src/compare/specification.ts';
import { parseExperiment } from '../../src/experiment/load.ts';
import type { Experiment } from '../../src/experiment/schema.ts';
import { workloadFor, workloadKindOf, workloadKinds } from '../../src/workload/kinds.ts';
import { problemOf } from '../support/problem.ts';

function experimentOf(...workloads: string[]): Experiment {
  return parseExperiment(
    `name: kinds
targets: { a: { ssh: a } }
modes: { native: { use: native, on: a } }
workloads: [${workloads.map((entry) => `{ ${entry} }`).join(', ')}]
`,
    'kinds.yaml',
  );
}

const specOf = (entry: string) => experimentOf(entry).workloads[0]!;
const needsOf = (entry: string) => {
  const spec = specOf(entry);
  return workloadKindOf(spec).needs(spec);
};

describe('the options of a workload', () => {
  it('may be as small as they make sense', () => {
    for (const entry of [
      'use: clpeak, tests: [compute-sp], platform: 0, device: 0, path: c, limits: { compute-sp: 0.1 }',
      'use: hashcat, hash: 0, runtime: 1, path: h',
      'use: command, name: c, run: r, directory: d, metrics: [{ duration: true }]',
      'use: probe, name: p, run: r, directory: d',
    ])
      assert.ok(specOf(entry), entry);
  });

  it('may not be smaller', () => {
    for (const entry of [
      'use: clpeak, tests: []',
      'use: clpeak, platform: -1',
      'use: clpeak, device: -1',
      'use: clpeak, path: ""',
      'use: clpeak, limits: { compute-sp: 0 }',
      'use: hashcat, hash: -1',
      'use: hashcat, runtime: 0',
      'use: hashcat, path: ""',
      'use: command, name: c, run: r, metrics: []',
      'use: command, name: c, run: "", metric: { duration: true }',
      'use: command, name: c, run: r, directory: "", metric: { duration: true }',
      'use: probe, name: p, run: r, directory: ""',
    ])
      assert.equal(problemOf(() => specOf(entry)).code, 'VGB-EXPERIMENT', entry);
  });

  it('have the defaults that the schema tells of', () => {
    assert.deepEqual(specOf('use: clpeak'), {
      use: 'clpeak',
      tests: ['global-bandwidth', 'kernel-latency'],
      format: 'text',
      path: 'clpeak',
    });
    assert.deepEqual(specOf('use: hashcat'), { use: 'hashcat', hash: 0, path: 'hashcat' });
  });
});

describe('the registry of workloads', () => {
  it('has one for each word of the experiment file', async () => {
    for (const [entry, command] of [
      ['use: hashcat, hash: 5', 'hashcat -b -m 5 --machine-readable'],
      ['use: command, name: c, run: x -y, metric: { duration: true }', 'x -y'],
      ['use: probe, name: p, run: z', 'z'],
    ] as const)
      assert.equal((await workloadFor(specOf(entry))).command(), command);
    assert.match((await workloadFor(specOf('use: clpeak, path: p'))).command(), /^case \$\(p --help/);
  });
});

describe('the kinds of workloads', () => {
  it('yield figures, but for the probe', () => {
    assert.deepEqual(Object.fromEntries(workloadKinds.map(({ use, facts }) => [use, facts.yields])), {
      clpeak: 'figures',
      hashcat: 'figures',
      command: 'figures',
      probe: 'verdict',
    });
  });

  it('need their program in the guest, past what a command line sets in the environment', () => {
    assert.deepEqual(needsOf('use: clpeak, path: /opt/clpeak'), [{ at: 'guest', program: '/opt/clpeak' }]);
    assert.deepEqual(needsOf('use: hashcat'), [{ at: 'guest', program: 'hashcat' }]);
    const program = { at: 'guest', program: './mmul', directory: '/bench' };
    const run = 'run: "A=1 B_2=x ./mmul -n 5", directory: /bench';
    assert.deepEqual(needsOf(`use: command, name: c, ${run}, metric: { duration: true }`), [program]);
    assert.deepEqual(needsOf(`use: probe, name: p, ${run}`), [program]);
  });

  it('shape a figure by all but names, times and limits, however metrics are written down', () => {
    const metric = '{ field: t, unit: ms, better: lower, limit: 5 }';
    const { workloads } = specificationOf(
      experimentOf(
        'use: clpeak, name: peak, timeout: 5s, tests: [compute-sp], limits: { compute-sp: 100 }',
        'use: hashcat, hash: 1400, limits: { speed: 100 }',
        `use: command, name: one, run: r, metric: ${metric}`,
        `use: command, name: list, run: r, metrics: [${metric}]`,
        'use: probe, name: map, run: r',
      ),
    );
    const command = { use: 'command', run: 'r', metrics: [{ field: 't', unit: 'ms', better: 'lower' }] };
    assert.deepEqual(workloads, {
      peak: { use: 'clpeak', tests: ['compute-sp'], format: 'text', path: 'clpeak' },
      hashcat: { use: 'hashcat', hash: 1400, path: 'hashcat' },
      one: command,
      list: command,
      map: { use: 'probe', run: 'r' },
    });
  });
});
