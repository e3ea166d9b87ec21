/** What each kind of crossing costs: runs whose costs are known, and a known one that is added. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type CountedWork, costsByKind } from '../../src/compare/costs-by-kind.ts';
import { overheadLines } from '../../src/report/wording.ts';
import { seeded } from '../../src/statistics/prng.ts';
import { standardNormal } from '../statistics/draws.ts';
import { closeRelative } from '../statistics/reference.ts';
import { simulatedRun } from './simulated-run.ts';

/** Of pvdrm's kind: objects mapped and not, launches, copies; work in µs. */
const WORKS: Record<string, { us: number; counts: Record<string, number> }> = {
  mapped: { us: 900, counts: { gemNew: 20, mmap: 20, gemClose: 20, pagesUnmapped: 320 } },
  unmapped: { us: 700, counts: { gemNew: 40, gemClose: 40 } },
  large: { us: 2000, counts: { gemNew: 4, mmap: 4, gemClose: 4, pagesUnmapped: 1024 } },
  launches: { us: 1500, counts: { pushbuf: 60 } },
  copies: { us: 3000, counts: { pushbuf: 12, toGlobal: 0.02 } },
  loop: { us: 9000, counts: { pushbuf: 3 } },
};
/** In ns. */
const COSTS: Record<string, number> = {
  gemNew: 9000,
  mmap: 4000,
  gemClose: 5000,
  pushbuf: 2500,
  pagesUnmapped: 700,
};

/** Blocks of a mode that takes 3% longer, and what its crossings cost. */
function works(costs: Record<string, number>, { seed = 1, blocks = 6, noise = 0.004 } = {}): CountedWork[] {
  const random = seeded(seed);
  return Object.values(WORKS).map(({ us, counts }) => {
    const added = Object.entries(counts).reduce((sum, [kind, count]) => sum + count * (costs[kind] ?? 0), 0);
    const time = 1.03 + added / (us * 1000);
    const times = Array.from({ length: blocks }, () => time * Math.exp(noise * standardNormal(random)));
    return { counts, workNs: us * 1000, times, open: 0 };
  });
}

const costOf = (found: ReturnType<typeof costsByKind>, kind: string) =>
  found!.costs.find(({ kinds }) => kinds.includes(kind))!.costNs;

describe('what each kind of crossing costs', () => {
  it('is found, and kinds that always go together share a cost and are told so', () => {
    const found = costsByKind(works(COSTS, { noise: 0 }), 0.95)!;
    assert.deepEqual(found.costs.map(({ kinds }) => kinds.toSorted()).sort(), [
      ['gemClose', 'gemNew'],
      ['mmap'],
      ['pagesUnmapped'],
      ['pushbuf'],
    ]);
    closeRelative(costOf(found, 'gemNew').value, 7000, 'the mean of both', 1e-6);
    closeRelative(costOf(found, 'mmap').value, 4000, 'mmap', 1e-6);
    closeRelative(costOf(found, 'pushbuf').value, 2500, 'pushbuf', 1e-6);
    closeRelative(costOf(found, 'pagesUnmapped').value, 700, 'pages', 1e-6);
    closeRelative(found.limit.value, 1.03, 'limit', 1e-6);
    assert.deepEqual([found.rare, found.n], [['toGlobal'], 6]);
  });

  it('has 95% intervals that hold the truth 95 times in 100, of a cost that was added and of the others', () => {
    const held = new Map<string, number>();
    const runs = 400;
    for (let run = 0; run < runs; run++) {
      const before = costsByKind(works(COSTS, { seed: 2 * run }), 0.95);
      const after = costsByKind(works({ ...COSTS, pushbuf: 102_500 }, { seed: 2 * run + 1 }), 0.95);
      const truths = { gemNew: 7000, mmap: 4000, pagesUnmapped: 700, pushbuf: 2500 };
      for (const [kind, truth] of Object.entries(truths)) {
        const [was, is] = [costOf(before, kind), costOf(after, kind)];
        const added = kind === 'pushbuf' ? 100_000 : 0;
        for (const [name, { low, high }, value] of [
          [kind, was, truth],
          [`${kind}, after`, is, truth + added],
        ] as const)
          held.set(name, (held.get(name) ?? 0) + (low! <= value && value <= high! ? 1 : 0));
      }
    }
    // A binomial of 400 at 0.95 lies within these bounds but once in 30,000: 4 standard errors.
    for (const [name, count] of held) assert.ok(count >= 363 && count <= 397, `${name}: ${count} of ${runs}`);
  });

  it('is put together where there are fewer workloads than kinds, the most alike first', () => {
    const few = works(COSTS, { noise: 0 }).slice(0, 3);
    const found = costsByKind(few, 0.95)!;
    assert.ok(found.costs.length < few.length);
    assert.deepEqual(
      found.costs.flatMap(({ kinds }) => kinds).sort(),
      ['gemClose', 'gemNew', 'mmap', 'pagesUnmapped'].sort(),
    );
  });

  it('is nothing where nothing crosses, or one cost can’t be told from the limit', () => {
    const silent = works({}).map((work) => ({ ...work, counts: {} }));
    assert.equal(costsByKind(silent, 0.95), null);
    const even = works({}).map((work) => ({ ...work, counts: { call: work.workNs } }));
    assert.equal(costsByKind(even, 0.95), null);
    assert.equal(costsByKind(works(COSTS).slice(0, 1), 0.95), null);
    assert.equal(costsByKind(works(COSTS, { blocks: 0 }), 0.95), null);
    const one = costOf(costsByKind(works(COSTS, { blocks: 1 }), 0.95), 'pushbuf');
    assert.deepEqual({ ...one, value: 0 }, { value: 0, low: null, high: null });
  });
});

describe('a run whose baseline is the same mode without what was added', () => {
  const modes = `  plain: { use: custom, on: a, environment: { LEVEL: one } }
  slower: { use: custom, on: b, environment: { LEVEL: two } }
  other: { use: custom, on: c, environment: { LEVEL: three } }`;
  const { results } = simulatedRun({
    modes,
    baseline: 'plain',
    workloads: Object.keys(WORKS)
      .map(
        (name) =>
          `  - { use: command, name: ${name}, run: ./w, metric: { name: time, field: t, unit: us, better: lower } }`,
      )
      .join('\n'),
    value: ({ mode, workload }, _, noise) => {
      const { us, counts } = WORKS[workload]!;
      const costs = mode === 'slower' ? { ...COSTS, pushbuf: COSTS['pushbuf']! + 100_000 } : COSTS;
      const added = Object.entries(counts).reduce(
        (sum, [kind, count]) => sum + count * (costs[kind] ?? 0),
        0,
      );
      return (us + added / 1000) * Math.exp(0.002 * noise);
    },
    crossings: ({ mode, workload }) => {
      const { counts } = WORKS[workload]!;
      return mode === 'other'
        ? Object.fromEntries(Object.entries(counts).map(([kind, count]) => [kind, 2 * count]))
        : counts;
    },
  });
  const { overheads } = results;

  it('has what was added as a cost of its kind, and nothing as that of the others', () => {
    const [slower] = overheads;
    const added = costOf(slower!.byKind, 'pushbuf');
    assert.ok(added.low! <= 100_000 && 100_000 <= added.high!, JSON.stringify(added));
    assert.ok(added.high! - added.low! < 10_000);
    for (const kind of ['gemNew', 'mmap']) {
      const { low, high } = costOf(slower!.byKind, kind);
      assert.ok(low! <= 0 && 0 <= high!, `${kind} ${low} ${high}`);
    }
    assert.equal(slower!.fit, null);
    const lines = overheadLines(results);
    assert.match(
      lines.join('\n'),
      /slower, time: added to plain’s time by kind: .*pushbuf (99|100)[\d.]* µs \(/,
    );
  });

  it('has none where the mode crosses in another way than its baseline', () => {
    assert.deepEqual(
      overheads.map(({ mode, byKind }) => [mode, byKind === null]),
      [
        ['slower', false],
        ['other', true],
      ],
    );
  });
});
