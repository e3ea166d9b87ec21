import assert from 'node:assert/strict';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { resultsOf } from '../../src/compare/compare.ts';
import { completeness, labLine, lineOf, method } from '../../src/report/wording.ts';
import { writeReport } from '../../src/report/write.ts';
import { inDirectory } from '../support/directory.ts';
import { runOf } from '../support/events.ts';
import { recordOf } from '../../src/record/fold.ts';

const { experiment, plan, events } = runOf([[9], [9]], [[4.5], [4.5 * (1 + 1e-9)]], {
  figures: { better: 'lower' },
});
const results = resultsOf(experiment, plan, recordOf(events));
const one = results.comparisons[0]!;

describe('the words that all formats share', () => {
  it('tell a comparison as relative performance, where more is better, with a sign beside the verdict', () => {
    assert.deepEqual(lineOf(one), {
      mode: 'slow',
      baseline: 'native',
      workload: 'mmul',
      metric: 'gflops (GFLOP/s, lower is better)',
      relative: '200.0%',
      interval: '200.0% to 200.0%',
      verdict: '▲ faster',
      blocks: '2',
      attested: 'yes',
    });
    const signs = (['faster', 'slower', 'same', 'inconclusive'] as const).map(
      (verdict) => lineOf({ ...one, verdict }).verdict,
    );
    assert.deepEqual(signs, ['▲ faster', '▼ slower', '= same', '? inconclusive']);
  });

  it('say where there is no ratio and no interval', () => {
    const { relative, interval, attested } = lineOf({
      ...one,
      ratio: null,
      low: null,
      high: null,
      attested: false,
    });
    assert.deepEqual([relative, interval, attested], ['no pair', 'none', 'no']);
  });

  it('say what is missing of a run', () => {
    assert.equal(completeness(results), '4 of 4 trials completed');
    const trials = { planned: 9, completed: 2, failed: 1, 'timed-out': 2, void: 3, pending: 1 };
    const lost = '1 failed, 2 timed out, 3 void';
    assert.equal(completeness({ ...results, trials }), `2 of 9 trials completed (${lost}, 1 not run)`);
    const skipped = { ...trials, pending: 0, skipped: 1 };
    assert.equal(
      completeness({ ...results, trials: skipped }),
      `2 of 9 trials completed (${lost}, 1 skipped)`,
    );
  });

  it('call those modes of the lab re-creations that are, and no others', () => {
    const mode = (use: string) => ({ use, targets: 1 });
    const modes = {
      bare: mode('lab-native'),
      whole: mode('lab-passthrough'),
      pvdrm: mode('lab-pvdrm'),
      cached: mode('lab-pvdrm'),
      slices: mode('lab-mediated'),
      traps: mode('lab-emulation'),
      calls: mode('lab-forwarding'),
      mine: mode('custom'),
    };
    const inLab = (some: Record<string, Record<string, unknown>>) => ({
      ...results,
      versions: { lab: 'software GPU' },
      specification: { ...results.specification, modes: some },
    });
    assert.deepEqual(labLine(inLab(modes)), [
      'lab: software GPU. bare (lab), whole (lab): the real mechanism, on the software GPU; ' +
        'pvdrm (lab), cached (lab): re-created after CPFL/pvdrm; ' +
        'slices (lab), traps (lab): re-created after gVirt; ' +
        'calls (lab): re-created, similar to rCUDA. Figures describe mechanisms, not hardware',
    ]);
    const together = { two: { ...modes.slices, targets: 2 }, seven: { ...modes.slices, targets: 7 } };
    const told = [{}, { 'lab guest CPUs': '1' }, { 'lab guest CPUs': '4' }, { 'lab guest CPUs': '7' }].map(
      (cpus) => labLine({ ...inLab(together), versions: { lab: 'software GPU', ...cpus } })[0],
    );
    const shared = told.map((line) => /Guests that run together share (.*):/.exec(line ?? '')?.[1]);
    assert.deepEqual(shared, ['one virtual CPU', 'one virtual CPU', '4 virtual CPUs', undefined]);
    const [real = ''] = labLine(inLab({ bare: modes.bare, whole: modes.whole }));
    assert.doesNotMatch(real, /re-creat/);
    assert.deepEqual(labLine(results), []);
  });

  it('tell the method with the run’s own seed, baseline, confidence and margin', () => {
    const text = method({ ...results, seed: 77, confidence: 0.9, margin: 0.05, baseline: 'metal' });
    for (const word of ['seed 77', 'mode ÷ metal', '90% interval', 'margin of 5.0%'])
      assert.ok(text.includes(word), word);
  });

  it('tell the intervals of former versions as they were made', () => {
    const { t, bootstrap, hodgesLehmann } = one.intervals!;
    const old = { ...results, comparisons: [{ ...one, intervals: { t, bootstrap, hodgesLehmann } }] };
    assert.match(method(results), /outer ends of a t interval.*studentised bootstrap.*interval at 99\.0%/);
    assert.match(method(old), /its 95% interval is a t interval of the logs\. /);
    assert.doesNotMatch(method(old), /studentised|99\.0%/);
  });

  it('say once what a run of few blocks can’t tell, and of a longer one nothing', () => {
    const untold = /one run does not show how much runs vary/g;
    const few = { ...results, comparisons: [one, { ...one, mode: 'other' }] };
    assert.equal([...method(few).matchAll(untold)].length, 1);
    assert.doesNotMatch(method({ ...results, comparisons: [{ ...one, blocks: 30 }] }), untold);
  });

  it('say where an interval counts fewer blocks than there are', () => {
    const words = /If consecutive blocks are correlated/;
    assert.match(method({ ...results, comparisons: [{ ...one, effectiveBlocks: 3 }] }), words);
    assert.doesNotMatch(method(results), words);
  });
});

describe('the report', () => {
  it('is every derived file, and the same text each time', () => {
    inDirectory((directory) => {
      writeFileSync(join(directory, 'experiment.yaml'), 'name: demo\n');
      writeReport(directory, results);
      const files = ['results.json', 'index.html', 'summary.md', 'samples.csv', 'table.tex', 'junit.xml'];
      const read = () => files.map((file) => readFileSync(join(directory, file), 'utf8'));
      const first = read();
      const drawn = () => readdirSync(join(directory, 'charts')).sort();
      // Those of the whole run; of each workload where they are asked for.
      assert.deepEqual(drawn(), ['relative.pdf', 'relative.png', 'relative.svg']);
      writeReport(directory, results, { charts: 'all' });
      assert.ok(['series-1.pdf', 'series-1.png', 'series-1.svg'].every((name) => drawn().includes(name)));
      writeReport(directory, structuredClone(results));
      assert.deepEqual(read(), first);
      assert.deepEqual(JSON.parse(first[0] ?? ''), results);
    });
  });
});
