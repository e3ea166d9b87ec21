/** Shards that become one run: nothing is lost or counted twice, and what does not belong together is refused. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Results } from '../../src/compare/results.ts';
import type { Event } from '../../src/record/event.ts';
import { FILES, planText } from '../../src/record/run-directory.ts';
import { readRun } from '../../src/record/read-run.ts';
import { loadResults } from '../../src/run/load-results.ts';
import { mergeRuns } from '../../src/run/merge.ts';
import { mergedReport } from '../../src/run/merged-report.ts';
import { reportRun } from '../../src/run/report.ts';
import { resumeRun } from '../../src/run/resume.ts';
import { restoreRun } from '../../src/run/restore.ts';
import { type Simulation, simulatedRun } from '../compare/simulated-run.ts';
import { writeShard } from '../cli/run-directories.ts';
import { testFolder } from '../support/directory.ts';
import { problemOf, rejection } from '../support/problem.ts';

describe('shards that are merged', () => {
  const folder = testFolder();
  const at = (...names: string[]) => join(folder, ...names);
  let made = 0;

  /** A shard's directory. Its samples are a function of the trial, so that they are those of a whole run. */
  function shard(
    index: number,
    of: number,
    over: Simulation & { node?: string; change?: (events: Event[]) => Event[] } = {},
  ) {
    const { node = 'n1', change, ...simulation } = over;
    return writeShard(at(`shard-${++made}`), { index, of, node }, { seed: 3, ...simulation }, change);
  }

  const merged = (runs: string[], unit?: 'block' | 'node') => {
    const out = at(`merged-${++made}`);
    return { out, ...mergeRuns(runs, { out, unit }) };
  };

  /** All of the results but when and by what they came about. */
  const figuresOf = ({ nodes, ...results }: Results) => ({ nodes, results });

  it('are the unsharded run, figure by figure, whatever their order', () => {
    const whole = simulatedRun({ seed: 3 }).results;
    const { out, lost, cutOff } = merged([3, 1, 4, 2].map((index) => shard(index, 4)));
    assert.deepEqual([lost, cutOff], [[], []]);
    const { nodes, results } = figuresOf(loadResults(out));
    assert.deepEqual(results, JSON.parse(JSON.stringify(whole)));
    assert.deepEqual(
      nodes?.nodes.map(({ name, shards }) => [name, shards]),
      [['n1', [1, 2, 3, 4]]],
    );
  });

  it('are the same bytes again, merged again', () => {
    const shards = [1, 2].map((index) => shard(index, 2));
    const [once, again] = [merged(shards).out, merged(shards).out].map((out) =>
      [FILES.experiment, FILES.plan, FILES.journal].map((name) => readFileSync(join(out, name), 'utf8')),
    );
    assert.deepEqual(once, again);
  });

  it('have the block as their unit in strata of nodes, and the node where that is asked for', () => {
    const boot = (index: number) => ({
      node: `n${index}`,
      fingerprint: { kernel: 'one', boot: `boot ${index}` },
    });
    const shards = [1, 2, 3].map((index) => shard(index, 3, boot(index)));
    const whole = simulatedRun({ seed: 3 }).results.comparisons[0];
    const [byBlock, byNode] = [merged(shards).out, merged(shards, 'node').out].map(loadResults);
    assert.deepEqual(byBlock?.comparisons[0], whole);
    assert.deepEqual([byNode?.comparisons[0]?.boots, byNode?.nodes?.unit], [3, 'node']);
    const widthOf = ({ low, high }: { low: number | null; high: number | null }) => (high ?? 0) - (low ?? 0);
    assert.ok(byNode?.comparisons[0] && whole && widthOf(byNode.comparisons[0]) !== widthOf(whole));
    // Ten blocks over three nodes, each with a ratio of its own.
    assert.deepEqual(
      byNode.nodes?.nodes.map(({ name, ratios }) => [name, ratios.map(({ mode, blocks }) => [mode, blocks])]),
      [
        ['n1', [['slow', 4]]],
        ['n2', [['slow', 3]]],
        ['n3', [['slow', 3]]],
      ],
    );
  });

  it('take a node for another one where its kernel or driver changed between two shards, and say so', () => {
    const of = (index: number, kernel: string) =>
      shard(index, 3, { fingerprint: { kernel, memory: `${index} kB`, boot: `boot ${index}` } });
    const out = merged([of(1, '6.1'), of(2, '6.2'), of(3, '6.1')]).out;
    const { nodes, warnings } = loadResults(out);
    assert.deepEqual(
      nodes?.nodes.map(({ name, shards }) => [name, shards]),
      [
        ['n1', [1, 3]],
        ['n1 (2)', [2]],
      ],
    );
    const changed = warnings.filter(({ code }) => code === 'node-changed');
    assert.equal(changed.length, 1);
    assert.match(
      changed[0]!.text,
      /^n1 changed between its shards 1\/3 and 2\/3: a’s kernel was 6\.1 and is 6\.2; b’s kernel was/,
    );
  });

  it('tell what differs between the nodes, and of which one the environment is', () => {
    const of = (index: number, kernel: string) =>
      shard(index, 2, { node: `n${index}`, fingerprint: { kernel, os: 'same', boot: `boot ${index}` } });
    const out = merged([of(1, '6.1'), of(2, '6.2')]).out;
    const { nodes } = loadResults(out);
    assert.deepEqual(
      nodes?.nodes.map(({ environment }) => environment[0]),
      ['6.1', '6.2'].map((kernel, at) => ({
        target: 'a',
        fingerprint: { kernel, os: 'same', boot: `boot ${at + 1}` },
      })),
    );
    mergedReport({ directory: out, lost: [], cutOff: [], plan: readRun(out).plan });
    const page = readFileSync(join(out, 'index.html'), 'utf8');
    assert.match(
      page,
      /Differences between the nodes[\s\S]*<td>a: kernel<\/td>\s*<td>6\.1<\/td>\s*<td>6\.2<\/td>/,
    );
    assert.doesNotMatch(page, /<td>a: (os|boot)<\/td>/);
    assert.match(page, /Everything below describes n2, which ran the last shard/);
  });

  it('show a node that says another thing by itself', () => {
    const odd: Simulation = { value: ({ mode }) => (mode === 'slow' ? 150 : 100) };
    const out = merged([shard(1, 2, { node: 'even' }), shard(2, 2, { node: 'odd', ...odd })]).out;
    const { nodes } = loadResults(out);
    const ratioOf = (name: string) => nodes?.nodes.find((one) => one.name === name)?.ratios[0]?.ratio ?? NaN;
    assert.equal(ratioOf('odd').toFixed(6), '1.500000');
    assert.ok(Math.abs(ratioOf('even') - 1.1) < 0.02);
    mergedReport({ directory: out, lost: [], cutOff: [], plan: readRun(out).plan });
    const page = readFileSync(join(out, 'index.html'), 'utf8');
    assert.match(page, /By node[\s\S]*<td>even<\/td>[\s\S]*<td>odd<\/td>/);
    assert.match(page, /Merged from 2 shards, run on 2 nodes\./);
  });

  it('have no node by its name in a report that is to be published', () => {
    const out = merged([1, 2].map((index) => shard(index, 2, { node: `secret-node-${index}` }))).out;
    const { directory, results } = reportRun(out, { redact: true });
    assert.equal(results.nodes?.nodes.length, 2);
    for (const name of ['index.html', 'results.json', 'summary.md'])
      assert.doesNotMatch(readFileSync(join(directory, name), 'utf8'), /secret-node/, name);
  });

  it('tell one that is missing, and one that was cut off, and are incomplete', () => {
    const cut = shard(2, 3, { upTo: 3, endReason: null });
    const found = merged([shard(1, 3), cut]);
    assert.deepEqual([found.lost, found.cutOff], [[3], [cut]]);
    const { exitCode, results } = mergedReport(found);
    assert.equal(exitCode, 4);
    assert.deepEqual(
      results.incidents.map(({ kind, text }) => [kind, text]),
      [
        ['shard', 'shard 3/3 is not among the merged runs, so its blocks are missing'],
        ['shard', 'shard 2/3 did not finish (it was killed)'],
      ],
    );
    assert.deepEqual([results.trials.planned, results.trials.completed, results.trials.pending], [20, 11, 9]);
    assert.equal(results.endReason, 'interrupted');
  });

  it('are refused where one is there twice, or is none', () => {
    const [one, two] = [shard(1, 2), shard(1, 2)];
    const twice = problemOf(() => merged([one, two]));
    assert.deepEqual([twice.code, twice.found], ['VGB-MERGE-TWICE', `${one} and ${two}`]);
    const whole = shard(1, 1);
    writeFileSync(join(whole, FILES.plan), planText(simulatedRun({ seed: 3 }).plan));
    assert.equal(problemOf(() => merged([whole])).code, 'VGB-MERGE-SHARD');
  });

  for (const [what, over, expected, found] of [
    ['seed', { seed: 4 }, /^3, as in /, /^4$/],
    [
      'experiment.design.margin',
      { design: '{ blocks: 10, samples: 2, warmup: 1, margin: 5% }' },
      /^0\.03/,
      /^0\.05$/,
    ],
    ['blocks', { design: '{ blocks: 8, samples: 2, warmup: 1, margin: 3% }' }, /^10/, /^8$/],
    ['version', { change: asOfVersion('0.1.0') }, /^"1"/, /^"0\.1\.0"$/],
  ] as const)
    it(`are refused where they differ, and both values are named: ${what}`, () => {
      const [one, other] = [shard(1, 2), shard(2, 2, over)];
      const problem = problemOf(() => merged([one, other]));
      assert.equal(problem.code, 'VGB-MERGE-OTHER');
      assert.ok(problem.message.endsWith(`${what} differs`), problem.message);
      assert.match(problem.expected ?? '', expected);
      assert.match(problem.found ?? '', found);
    });

  it('are refused where they are of other numbers of shards', () => {
    const problem = problemOf(() => merged([shard(1, 2), shard(2, 3)]));
    assert.match(problem.message, /number of shards differs$/);
  });

  it('may have other targets: each place has its own', () => {
    const other = shard(2, 2, { targets: '{ a: { ssh: elsewhere }, b: { ssh: b }, c: { ssh: c } }' });
    assert.doesNotThrow(() => merged([shard(1, 2), other]));
  });

  it('are neither resumed nor restored as the run that they became', async () => {
    const { out } = merged([shard(1, 2), shard(2, 2)]);
    for (const work of [() => resumeRun(out), () => restoreRun(out)])
      assert.equal((await rejection(work())).code, 'VGB-RUN-MERGED');
  });
});

function asOfVersion(vgpubench: string) {
  return (events: Event[]) =>
    events.map((event) => (event.type === 'run-started' ? { ...event, versions: { vgpubench } } : event));
}
