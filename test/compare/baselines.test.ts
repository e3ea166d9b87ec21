/** Modes that name their own baseline: two GPUs in one experiment. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gateOf } from '../../src/gate/gate.ts';
import { pilotOf } from '../../src/compare/pilot.ts';
import { resultsOf, settled } from '../../src/compare/compare.ts';
import { type Results, resultsSchema } from '../../src/compare/results.ts';
import { Problem } from '../../src/problem.ts';
import type { PlannedTrial } from '../../src/plan/plan.ts';
import { recordOf } from '../../src/record/fold.ts';
import { Story } from '../support/events.ts';
import { close } from '../statistics/reference.ts';
import type { Simulation } from './simulated-run.ts';
import { TWO_GPUS, msOf, twoGpus } from './two-gpus.ts';

const run = twoGpus();
const { results } = run;

const pairs = ({ comparisons }: Pick<Results, 'comparisons'>) => [
  ...new Set(comparisons.map(({ mode, baseline }) => `${mode} ÷ ${baseline}`)),
];

describe('a mode that names its own baseline', () => {
  it('is a ratio of it, paired by block, and a baseline is a ratio of nothing', () => {
    assert.deepEqual(pairs(results), ['pvdrm ÷ native', 'mediated ÷ native-i915']);
    for (const { mode, ratio, low, high, blocks } of results.comparisons) {
      const expected = { pvdrm: 1.1, mediated: 1.25 }[mode]!;
      close(ratio, expected, mode, 0.01);
      assert.ok(low! < expected && expected < high!, mode);
      assert.equal(blocks, 10);
    }
    assert.equal(results.baseline, 'native');
    resultsSchema.parse(JSON.parse(JSON.stringify(results)));
  });

  it('has a suite, and a baseline has none', () => {
    assert.deepEqual(
      results.suites.map(({ mode, cells }) => [mode, cells]),
      [
        ['pvdrm', 2],
        ['mediated', 2],
      ],
    );
    close(results.suites[1]!.ratio, 1 / 1.25, 'mediated', 0.01);
  });

  it('keeps it where a report sets the experiment’s anew', () => {
    const { experiment, plan, events } = run;
    const against = resultsOf(experiment, { ...plan, baseline: 'pvdrm' }, recordOf(events));
    assert.deepEqual(pairs(against), ['native ÷ pvdrm', 'mediated ÷ native-i915']);
  });

  it('is attested where both of them are, and not by the experiment’s baseline', () => {
    const { experiment, plan, events } = twoGpus({ design: '{ blocks: 2 }' });
    const attested = (...modes: string[]) => {
      const story = new Story();
      for (const mode of modes) for (const block of [1, 2]) story.attest(block, mode);
      const { comparisons } = resultsOf(experiment, plan, recordOf([...events, ...story.events]));
      return comparisons.filter((one) => one.attested).map(({ mode, workload }) => `${mode} ${workload}`);
    };
    assert.deepEqual(attested('mediated', 'native-i915'), ['mediated copy', 'mediated mmul']);
    assert.deepEqual(attested('mediated', 'native', 'pvdrm'), ['pvdrm copy', 'pvdrm mmul']);
  });

  it('is drawn against its baseline’s work', () => {
    const names = ['a', 'b', 'c'];
    const workloads = names.map(
      (name) =>
        `  - { use: command, name: ${name}, run: ./w, metric: { name: time, field: t, unit: ms, better: lower } }`,
    );
    const size = ({ workload }: PlannedTrial) => 10 ** names.indexOf(workload);
    const { overheads } = twoGpus({
      workloads: workloads.join('\n'),
      value: (trial, _, noise) => size(trial) * msOf(trial.mode) * Math.exp(0.001 * noise),
    }).results;
    assert.deepEqual(
      overheads.map(({ mode }) => mode),
      ['pvdrm', 'mediated'],
    );
    overheads.forEach(({ points, mode }) => {
      const ms = { pvdrm: 100, mediated: 400 }[mode]!;
      points.forEach(({ workNs }, at) => {
        close(workNs / (10 ** at * ms * 1e6), 1, mode, 0.01);
      });
    });
  });

  it('is planned by its own spread: what it shares with its baseline cancels', () => {
    const { experiment, plan, events } = twoGpus({
      value: ({ mode, block }, _, noise) =>
        msOf(mode) * (/i915|mediated/.test(mode) ? 1.5 ** block : 1) * Math.exp(0.001 * noise),
    });
    const cells = pilotOf(experiment, plan, recordOf(events));
    assert.deepEqual(cells.map(({ mode, workload }) => `${mode} ${workload}`).sort(), [
      'mediated copy',
      'mediated mmul',
      'pvdrm copy',
      'pvdrm mmul',
    ]);
    for (const { sd, mode } of cells) assert.ok(sd < 0.01, `${mode}: ${sd}`);
  });

  it('raises the doubt of another checksum against its baseline alone', () => {
    const checksums = (of: Record<string, string[]>) => {
      const { experiment, plan } = twoGpus({ design: '{ blocks: 1 }', upTo: 0 });
      const story = new Story().begin();
      for (const { id, mode, workload } of plan.trials) {
        if (workload !== 'mmul') continue;
        story.start(id);
        of[mode]!.forEach((checksum, index) => story.sample(id, index, [{ metrics: { t: [1] }, checksum }]));
        story.end(id);
      }
      return resultsOf(experiment, plan, recordOf(story.events))
        .warnings.filter(({ code }) => code.startsWith('checksum'))
        .map(({ text }) => text);
    };
    const same = { native: ['n'], pvdrm: ['n'], 'native-i915': ['i'], mediated: ['i'] };
    assert.deepEqual(checksums(same), []);
    const [doubt, ...more] = checksums({ ...same, mediated: ['n'] });
    assert.match(doubt!, /^mediated, mmul: its checksum is n, but i in native-i915, /);
    assert.deepEqual(more, []);
    const varying = checksums({ ...same, 'native-i915': ['i', 'j'], mediated: ['k'] });
    assert.equal(varying.length, 1);
    assert.match(varying[0]!, /^mmul: .*\(2 in native-i915\)/);
  });

  it('is counted as an A/A arm where it is its baseline under another name', () => {
    const modes = `${TWO_GPUS}\n  again: { use: native, on: c, driver: i915, baseline: native-i915 }`;
    const value: Simulation['value'] = ({ mode }, _, noise) =>
      msOf(mode === 'again' ? 'native-i915' : mode) * Math.exp(0.002 * noise);
    const { falsePositives } = twoGpus({ modes, value }).results;
    assert.deepEqual(
      [falsePositives!.modes, falsePositives!.comparisons, falsePositives!.rate],
      [['again'], 2, 0],
    );
  });
});

describe('guests on two GPUs', () => {
  const family = (modes: string) =>
    twoGpus({ modes }).results.sharing.flatMap(({ family, mode, workload }) =>
      workload === 'copy' ? [`${mode} of ${family}`] : [],
    );

  it('are no family, though their modes have the same options', () => {
    const modes = `  native: { use: native, on: a }
  native-i915: { use: native, on: c, driver: i915 }
  nv: { use: custom, on: a }
  nv-two: { use: custom, on: [a, b] }
  igd: { use: custom, on: c, baseline: native-i915 }`;
    assert.deepEqual(family(modes), ['nv of nv', 'nv-two of nv']);
  });

  it('are one whose modes on more guests are a ratio of the one on fewest', () => {
    const modes = `  native: { use: native, on: a }
  one: { use: custom, on: a }
  two: { use: custom, on: [a, b], baseline: one }`;
    assert.deepEqual(family(modes), ['one of one', 'two of one']);
  });
});

describe('what is settled, with two baselines', () => {
  const design = '{ blocks: 40, samples: 1, warmup: 0, precision: 1% }';
  const skipped = (noisy: string, modes = TWO_GPUS) => {
    const { experiment, plan, events } = twoGpus({
      modes,
      design,
      value: ({ mode, workload }, _, noise) =>
        msOf(mode) * Math.exp((mode === noisy && workload === 'mmul' ? 0.1 : 0.001) * noise),
    });
    const { reason, skip } = settled(experiment, plan, recordOf(events));
    const left = (workload: string) =>
      Object.keys(experiment.modes).filter((mode) => !skip({ mode, workload }));
    return { reason, copy: left('copy'), mmul: left('mmul') };
  };

  it('leaves a baseline out once no mode that is compared with it needs it', () => {
    assert.deepEqual(skipped('mediated'), { reason: null, copy: [], mmul: ['native-i915', 'mediated'] });
    assert.deepEqual(skipped('pvdrm'), { reason: null, copy: [], mmul: ['native', 'pvdrm'] });
  });

  it('keeps a baseline that is compared itself until both it and its modes are settled', () => {
    const chain = TWO_GPUS.replace('driver: i915 }', 'driver: i915, baseline: native }');
    assert.deepEqual(skipped('mediated', chain).mmul, ['native-i915', 'mediated']);
    assert.deepEqual(skipped('pvdrm', chain).mmul, ['native', 'pvdrm']);
    assert.deepEqual(skipped('native-i915', chain).mmul, ['native', 'native-i915', 'mediated']);
  });

  it('is everything where all ratios are narrow', () => {
    assert.deepEqual(skipped('none'), { reason: 'precision', copy: [], mmul: [] });
  });
});

describe('a gate, with two baselines', () => {
  const slower =
    (mode: string, factor: number): Simulation['value'] =>
    (trial, _, noise) =>
      msOf(trial.mode) * (trial.mode.includes(mode) ? factor : 1) * Math.exp(0.002 * noise);
  const cells = (head: Results) =>
    gateOf(results, head)
      .cells.filter(({ workload }) => workload === 'mmul')
      .map(({ mode, kind, verdict }) => `${mode} ${kind} ${verdict}`);

  it('compares each mode’s ratio to its own, and the raw figures of both', () => {
    assert.deepEqual(cells(twoGpus({ seed: 2 }).results), [
      'native raw same',
      'pvdrm relative same',
      'native-i915 raw same',
      'mediated relative same',
    ]);
    assert.deepEqual(cells(twoGpus({ seed: 2, value: slower('mediated', 1.2) }).results), [
      'native raw same',
      'pvdrm relative same',
      'native-i915 raw same',
      'mediated relative slower',
    ]);
  });

  it('reads a results file, and has a slower GPU in its own baseline alone', () => {
    const value: Simulation['value'] = (trial, sample, noise, ...rest) =>
      slower('native-i915', 1.5)!(trial, sample, noise, ...rest) * (trial.mode === 'mediated' ? 1.5 : 1);
    const head = JSON.parse(JSON.stringify(twoGpus({ seed: 2, value }).results)) as unknown;
    assert.deepEqual(cells(resultsSchema.parse(head)), [
      'native raw same',
      'pvdrm relative same',
      'native-i915 raw slower',
      'mediated relative same',
    ]);
  });
});

describe('two runs of the same modes with other baselines', () => {
  const gate = (base: string, head: string) => {
    const [before, after] = [base, head].map((modes, seed) => twoGpus({ modes, seed }).results);
    return gateOf(before!, after!).cells.map(({ mode, kind }) => `${mode} ${kind}`);
  };
  const refused = (error: unknown) => error instanceof Problem && error.code === 'VGB-COMPARE-BASELINE';
  const without = TWO_GPUS.replace(', baseline: native-i915', '');

  it('are refused where a mode names another, or one run names none', () => {
    const other = TWO_GPUS.replace('baseline: native-i915', 'baseline: pvdrm');
    for (const head of [without, other]) {
      assert.throws(() => gate(TWO_GPUS, head), refused);
      assert.throws(() => gate(head, TWO_GPUS), refused);
    }
  });

  it('are refused where a mode became a baseline only because a new one names it', () => {
    const before = without.replace(/\n {2}mediated.*/, '');
    assert.throws(() => gate(before, TWO_GPUS), refused);
  });

  it('are compared where one of them names what goes without saying', () => {
    const named = TWO_GPUS.replace('{ GPU: nv }', '{ GPU: nv }, baseline: native');
    const kinds = ['native raw', 'pvdrm relative', 'native-i915 raw', 'mediated relative'];
    assert.deepEqual([...new Set(gate(TWO_GPUS, named))], kinds);
    assert.deepEqual([...new Set(gate(named, TWO_GPUS))], kinds);
  });
});
