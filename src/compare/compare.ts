import { type Arms, baselineOf } from '../experiment/baseline.ts';
import type { Experiment } from '../experiment/schema.ts';
import { workloadName } from '../workload/kind.ts';
import { operationName, workloadsThatYield } from '../workload/kinds.ts';
import { selfModes } from '../experiment/self-comparison.ts';
import type { Plan } from '../plan/plan.ts';
import type { RunRecord } from '../record/run-record.ts';
import { holm } from '../statistics/adjust.ts';
import { openTest } from '../statistics/interval.ts';
import type { RatioMethods } from '../statistics/disagreement.ts';
import { type Ratio, ratio } from '../statistics/ratio.ts';
import { attestedBy, caveatsOf, unprovedTrials } from './attested.ts';
import { armsIn } from './baselines.ts';
import { type BlockPair, bootsIn, cellIn, pairsOf } from './block-logs.ts';
import { type CellWithWork, cellsOf } from './cells.ts';
import { addedCosts } from './added-costs.ts';
import { checksumDoubts } from './checksums.ts';
import { nameOf } from './cell-name.ts';
import { countedWhileTimed, onPar, unequalMachines, unsteadyMachines } from './confounds.ts';
import { cpuCostsOf } from './cpu-cost.ts';
import { energyCostsOf } from './energy-cost.ts';
import { dearClocks, driftingClocks } from './dear-clocks.ts';
import { doubtsOf } from './doubts.ts';
import { falsePositivesOf } from './false-positives.ts';
import { onSameGpu, otherGpus } from './gpus.ts';
import { historyOf } from './history.ts';
import { isolationOf } from './isolation.ts';
import { iterationsOf } from './iterations.ts';
import { leftOutDoubts } from './left-out.ts';
import { hardwareCostsIn, modelledOf } from './modelled.ts';
import { changedNodes, nodesOf } from './nodes.ts';
import { optionPairs } from './option-pairs.ts';
import { overheadsOf } from './overhead.ts';
import { machineStatesOf, stateWarnings } from './machine-states.ts';
import { type Comparison, RESULTS_FORMAT, type Results } from './results.ts';
import { sessionChanges } from './sessions.ts';
import { sharingOf } from './sharing.ts';
import { specificationOf } from './specification.ts';
import { type Settled, settledOf } from './stop-rule.ts';
import { bootstrapSeed, cellSeed, inSuite, suitesOf } from './suites.ts';
import { dependenceWords } from './persistent-states.ts';
import { type Judged, judge } from './verdict.ts';
import { WITHIN_STEP, coarseFigures, leftOpen, ticksOf, withTicks } from './ticks.ts';
import { tailsOf } from './tails.ts';
import { voidedIn } from './voided.ts';
import { warmthOf } from './warmth.ts';

/** The findings of a run, from its experiment, plan and record: the same bytes each time. */
export function resultsOf(experiment: Experiment, plan: Plan, record: RunRecord): Results {
  const cells = withTicks(inFileOrder(experiment, cellsOf(plan, record)));
  const { margin, confidence } = experiment.design;
  const arms = armsIn(experiment, plan);
  const paired = pairedCells(arms, cells, experiment, record);
  const judged = judgedOf(experiment, plan, record, paired);
  const comparisons = judged.map(({ comparison }) => comparison);
  const figures = cells.map(({ cell }) => cell);
  const place = new Map(figures.map((cell, index) => [nameOf(cell), index]));
  const iterations = function* () {
    for (const one of iterationsOf(plan, record)) if (place.has(nameOf(one))) yield one;
  };
  const warmth = warmthOf(iterations(), plan.seed).toSorted(
    (a, b) => (place.get(nameOf(a)) ?? 0) - (place.get(nameOf(b)) ?? 0),
  );
  const specification = specificationOf(experiment);
  const cpuCosts = cpuCostsOf(arms, plan, record, { seed: plan.seed, confidence });
  const energyCosts = energyCostsOf(arms, plan, record, { seed: plan.seed, confidence });
  const tails = tailsOf(figures, paired, { seed: plan.seed, confidence });
  return {
    format: RESULTS_FORMAT,
    name: plan.experiment,
    seed: plan.seed,
    baseline: plan.baseline,
    margin,
    confidence,
    specification,
    ...(plan.leftOut === undefined ? {} : { leftOut: plan.leftOut }),
    ...(plan.shard === undefined ? {} : { shard: plan.shard }),
    ...nodesOf(plan, record, paired, confidence),
    ...historyOf(plan, record),
    comparisons,
    suites: suitesOf(inSuite(paired, experiment), plan.seed, confidence),
    isolation: isolationOf(experiment, plan, record),
    pairs: optionPairs(experiment, specification, cells, {
      seed: plan.seed,
      comparable: (mode, other) => areComparable(mode, other, experiment, record),
    }),
    overheads: overheadsOf(cells, comparisons, confidence),
    modelled: modelledOf(experiment, cells),
    hardwareCosts: hardwareCostsIn(experiment),
    ...(cpuCosts.length === 0 ? {} : { cpuCosts }),
    ...(energyCosts.length === 0 ? {} : { energyCosts }),
    ...(tails.length === 0 ? {} : { tails }),
    sharing: sharingOf(record, { baseline: plan.baseline, cells: figures, specification, confidence }),
    falsePositives: falsePositivesOf(comparisons, selfModes(arms), confidence),
    warmth,
    warnings: [
      ...unprovedTrials(record),
      ...sessionChanges(record),
      ...changedNodes(record),
      ...otherGpus(Object.keys(experiment.modes), arms, record),
      ...unequalMachines(arms, experiment, record),
      ...caveatsOf(record),
      ...unsteadyMachines(record),
      ...countedWhileTimed(experiment, record),
      ...stateWarnings(experiment, machineStatesOf(record)),
      ...checksumDoubts(arms, plan, record),
      ...leftOutDoubts(plan, record),
      ...dearClocks(plan, record),
      ...addedCosts(experiment),
      ...driftingClocks(record),
      ...coarseFigures(comparisons),
      ...doubtsOf(figures, judged, warmth, plan.seed),
    ],
    cells: figures,
  };
}

/** Every compared mode against its baseline, by workload and metric. */
export function comparisonsOf(experiment: Experiment, plan: Plan, record: RunRecord): Comparison[] {
  const cells = withTicks(inFileOrder(experiment, cellsOf(plan, record)));
  const paired = pairedCells(armsIn(experiment, plan), cells, experiment, record);
  return judgedOf(experiment, plan, record, paired).map(({ comparison }) => comparison);
}

function judgedOf(
  experiment: Experiment,
  plan: Plan,
  record: RunRecord,
  paired: readonly PairedSamples[],
): Judged[] {
  const { confidence, margin } = experiment.design;
  const names = new Map(experiment.workloads.map((spec) => [workloadName(spec), operationName(spec)]));
  const ratios = paired.map(({ cell, baseline, crossings, hypercalls, operations, pairs, ticks, open }) => ({
    ...{ cell, baseline, crossings, hypercalls, operations, ticks, open },
    found:
      pairs.length === 0
        ? undefined
        : ratio(pairs, {
            seed: bootstrapSeed(plan.seed),
            ...{ confidence, openness: open },
            cell: cellSeed(cell),
          }),
    n: pairs.reduce((sum, { mode }) => sum + mode.length, 0),
    blocks: pairs.map(({ block }) => block),
    boots: bootsIn(pairs),
  }));
  const ps = ratios.map(({ found, open }) => pOf(found, open));
  const adjusted = holm(ps.filter((p) => p !== null));
  const [attested, voided] = [attestedBy(record), voidedIn(plan, record)];
  let next = 0;
  return ratios.map((one, index) => {
    const { cell, baseline, crossings, hypercalls, operations, found, n, blocks, boots } = one;
    const name = names.get(cell.workload);
    const p = ps[index] ?? null;
    const { mode, workload, metric, unit, better, phases } = cell;
    const { low = null, high = null } = found ?? {};
    const { verdict, drag, caution } = judge(found, better, margin);
    const dependence = found?.dependence;
    const dependent = dependence === undefined ? undefined : dependenceWords(dependence);
    const tick = found === undefined ? undefined : leftOpen(found, one.ticks, one.open);
    const comparison: Comparison = {
      mode,
      workload,
      metric,
      unit,
      better,
      baseline,
      ratio: found?.ratio ?? null,
      low,
      high,
      confidence,
      n,
      blocks: blocks.length,
      boots,
      ...(dependence === undefined ? {} : { effectiveBlocks: dependence.effective.n }),
      verdict,
      attested: attested(mode, blocks) && attested(baseline, blocks),
      voided: voided(mode, workload),
      p,
      adjustedP: p === null ? null : (adjusted[next++] ?? null),
      phases,
      crossings,
      hypercalls,
      per: name === undefined || operations === null ? null : { name, count: operations },
      intervals: found === undefined ? null : eachWay(found.methods),
      ...(tick === undefined ? {} : { tick }),
      note:
        drag ?? dependent ?? caution ?? found?.disagreement ?? (tick?.decides === true ? WITHIN_STEP : null),
    };
    return { comparison, drag, dependence };
  });
}

function eachWay({
  t,
  studentised,
  bootstrap,
  hodgesLehmann,
}: RatioMethods): NonNullable<Comparison['intervals']> {
  const { low, high } = hodgesLehmann;
  return { t, studentised, bootstrap, hodgesLehmann: { low, high } };
}

/** The modes in the order of the experiment file, not as the first block happened to shuffle them. */
function inFileOrder(experiment: Experiment, cells: readonly CellWithWork[]): CellWithWork[] {
  const modes = Object.keys(experiment.modes);
  const workloads = experiment.workloads.map(workloadName);
  const place = ({ cell }: CellWithWork) =>
    modes.indexOf(cell.mode) * workloads.length + workloads.indexOf(cell.workload);
  return cells.toSorted((a, b) => place(a) - place(b));
}

interface PairedSamples extends Pick<CellWithWork, 'cell' | 'crossings' | 'hypercalls' | 'operations'> {
  baseline: string;
  pairs: BlockPair[];
  ticks: Pick<NonNullable<Comparison['tick']>, 'mode' | 'baseline'>;
  /** How far off the log ratio may be because of those. */
  open: number;
}

/**
 * The cells of every compared mode, with the blocks in which both mode and baseline have a trial. Without any
 * block if the two ran on different GPUs, or on machines that must match but do not.
 */
function pairedCells(
  arms: Arms,
  cells: readonly CellWithWork[],
  experiment: Experiment,
  record: Pick<RunRecord, 'gpus' | 'shards' | 'targets' | 'visits'>,
): PairedSamples[] {
  const all = cells.map(({ cell }) => cell);
  return cells.flatMap(({ cell, crossings, hypercalls, operations }) => {
    const baseline = baselineOf(cell.mode, arms);
    if (baseline === undefined) return [];
    const comparable = areComparable(cell.mode, baseline, experiment, record);
    const other = cellIn(baseline, cell, all);
    const pairs = comparable ? pairsOf(cell.trials, other?.trials ?? []) : [];
    return [{ cell, baseline, crossings, hypercalls, operations, pairs, ...ticksOf(cell, other) }];
  });
}

function areComparable(
  mode: string,
  other: string,
  experiment: Experiment,
  record: Pick<RunRecord, 'gpus' | 'shards' | 'targets' | 'visits'>,
): boolean {
  return onSameGpu(mode, other, record) && onPar(mode, other, experiment, record);
}

function pOf(found: Ratio | undefined, openness: number): number | null {
  return found === undefined || found.n < 2 ? null : openTest(found.logs, openness);
}

/** The cells that `design.precision` makes unnecessary; none without it. */
export function settled(experiment: Experiment, plan: Plan, record: RunRecord): Settled {
  const { precision, confidence } = experiment.design;
  if (precision === undefined) return { reason: null, skip: () => false };
  const cells = withTicks(cellsOf(plan, record)).map(({ cell }) => cell);
  // A probe's verdict has no interval to wait for.
  const workloads = workloadsThatYield('figures', experiment);
  const asked = workloads.filter((name) => plan.leftOut?.workloads.includes(name) !== true);
  return settledOf(armsIn(experiment, plan), { cells, confidence }, asked, precision, plan.leftOut?.modes);
}
