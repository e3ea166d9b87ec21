/**
 * Whether known costs are recovered on the lab's real Xen: pvdrm with 100 µs added to each request, with 100
 * µs added to each page unmapped, and mediated with 100 µs added to each trap, each compared with the same
 * mode without. The added cost is the actual length of the delays, as measured by dom0: on a busy host it is
 * longer. RUNS runs; for each group of kinds that the fit can separate, how often its 95% interval contains
 * what was added, which for the others is nothing. Brings a lab up, and takes it down.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Results } from '../../src/compare/results.ts';

const RUNS = Number(process.env['RUNS'] ?? 20);
const ADDED_US = 100;
const ROOT = join(import.meta.dirname, '../..');

/** For each delayed mode, the kinds of crossings or pages to which the delay is added. */
const DELAYED: Record<string, (kind: string) => boolean> = {
  requests: (kind) => !/^(pages|hypercall|grant)/.test(kind),
  pages: (kind) => /^pages.*Unmapped$/.test(kind),
  traps: () => true,
};

const EXPERIMENT = `name: recovery
baseline: pvdrm
targets:
  dom0: { lab: dom0 }
${[1, 2, 3, 4, 5].map((guest) => `  g${guest}: { lab: g${guest}, host: dom0 }`).join('\n')}
modes:
  pvdrm: { use: lab-pvdrm, on: g1 }
  requests: { use: lab-pvdrm, on: g2, baseline: pvdrm, added: { request: ${ADDED_US}us } }
  pages: { use: lab-pvdrm, on: g3, baseline: pvdrm, added: { page-unmapped: ${ADDED_US}us } }
  mediated: { use: lab-mediated, on: g4 }
  traps: { use: lab-mediated, on: g5, baseline: mediated, added: { trap: ${ADDED_US}us } }
workloads:
${Object.entries({
  mapped: 'gem rounds=6 20',
  unmapped: 'gem rounds=6 20 1 1',
  sizes: 'churn rounds=4 40',
  launches: 'nop rounds=6 20',
  copies: 'cpy rounds=4 256',
  'small-copies': 'cpy rounds=4 16',
  kernel: 'loop rounds=2 30000',
  several: 'hotspot rounds=4 64',
})
  .map(
    ([name, run]) =>
      `  - { use: command, name: ${name}, run: ${run}, metric: { name: time, field: totalNs, unit: ns, better: lower } }`,
  )
  .join('\n')}
design: { blocks: 6, samples: 1, warmup: 0 }
limits: { trial: 60s }
`;

export async function benchRecovery(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'vgb-recovery-'));
  const held = new Map<string, { holds: number; of: number; widths: number[] }>();
  try {
    for (let run = 1; run <= RUNS; run++) {
      const file = join(folder, `${run}.yaml`);
      writeFileSync(file, EXPERIMENT.replace('blocks: 6,', `blocks: 6, seed: ${run},`));
      await lab('run', file, '--out', join(folder, String(run)));
      const text = readFileSync(join(folder, String(run), 'results.json'), 'utf8');
      for (const line of note(JSON.parse(text) as Results, held))
        process.stdout.write(`  run ${run}: ${line}\n`);
    }
  } finally {
    await lab('down');
    rmSync(folder, { recursive: true, force: true });
  }
  for (const [what, { holds, of, widths }] of held) {
    const width = widths.reduce((sum, one) => sum + one, 0) / widths.length;
    process.stdout.write(
      `${what}: held in ${holds} of ${of}; half-width ${(width / 1000).toFixed(1)} µs on average\n`,
    );
  }
}

/** A line per group of kinds: what was added, what was found, and whether the interval contains it. */
function note(
  { overheads, comparisons, counters }: Results,
  held: Map<string, { holds: number; of: number; widths: number[] }>,
): string[] {
  return overheads.flatMap(({ mode, byKind }) => {
    const isDelayed = DELAYED[mode];
    if (isDelayed === undefined) return [];
    if (byKind === null) return [`${mode}: no costs by kind`];
    const delayNs = meanDelay(
      isDelayed,
      counters.filter((one) => one.mode === mode),
    );
    return byKind.costs.map(({ kinds, costNs: { value, low, high } }) => {
      const added = meanAdded(
        kinds,
        (kind) => (isDelayed(kind) ? delayNs : 0),
        comparisons.filter((one) => one.mode === mode),
      );
      const holds = low !== null && high !== null && low <= added && added <= high;
      // Groups may change from run to run with the counts of polling: each is classified by whether anything
      // was added to it.
      const what = `${mode}: ${added === 0 ? 'nothing added to ' : `added to `}${kinds.join(' + ')}`;
      const sum = held.get(what) ?? { holds: 0, of: 0, widths: [] };
      held.set(what, sum);
      sum.of++;
      sum.holds += holds ? 1 : 0;
      sum.widths.push(((high ?? Number.NaN) - (low ?? Number.NaN)) / 2);
      const us = (ns: number | null) => ((ns ?? Number.NaN) / 1000).toFixed(1);
      return `${what}: ${us(added)} µs added, ${us(value)} (${us(low)} to ${us(high)}) found${holds ? '' : ' MISSED'}`;
    });
  });
}

/** The actual length of a delay, in ns, over all blocks. */
function meanDelay(isDelayed: (kind: string) => boolean, counted: Results['counters']): number {
  let [spentNs, times] = [0, 0];
  for (const { counters } of counted)
    for (const [kind, count] of Object.entries(counters))
      if (kind === 'delayedNs') spentNs += count;
      else if (kind !== 'refused' && isDelayed(kind)) times += count;
  return spentNs / times;
}

/** For a group that the workloads can't separate, the mean over all crossings. */
function meanAdded(
  kinds: readonly string[],
  costs: (kind: string) => number,
  cells: Results['comparisons'],
): number {
  let [sum, count] = [0, 0];
  for (const { crossings, hypercalls } of cells)
    for (const kind of kinds) {
      const crossed = crossings[kind] ?? hypercalls[kind] ?? 0;
      count += crossed;
      sum += crossed * costs(kind);
    }
  return sum / count;
}

async function lab(...args: string[]): Promise<void> {
  const program = join(ROOT, 'bin/vgpubench');
  // A run with failed trials has results, too, and shows that in its exit code.
  await execa(process.execPath, [program, 'lab', ...args], { stdin: 'ignore', reject: false });
}
