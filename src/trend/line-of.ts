import { baselineOf } from '../experiment/baseline.ts';
import { armsOf } from '../compare/baselines.ts';
import { blockLogsOf, cellIn } from '../compare/block-logs.ts';
import { lostTrials } from '../compare/history.ts';
import { sameCell } from '../compare/cell-name.ts';
import { lasting, versionsIn } from '../compare/facts.ts';
import type { Cell, Results } from '../compare/results.ts';
import { openness } from '../compare/ticks.ts';
import { performance } from '../compare/verdict.ts';
import { isCutOff } from '../gate/whole.ts';
import { summarise, tInterval } from '../statistics/interval.ts';
import { canonical } from '../words/canonical.ts';
import { HISTORY_FORMAT, type HistoryCell, type HistoryLine } from './line.ts';

/** The part of a line that does not come from results. */
interface Named {
  run: string;
  started: string;
  ended: string;
  /** 16 hexadecimal digits, the same for the same text. */
  digest: (text: string) => string;
}

/** A run's line of a history: the same bytes each time. A/A arms are not in it, since they are there to judge the harness. */
export function lineOf(results: Results, { run, started, ended, digest }: Named): HistoryLine {
  const { name, origin, versions, environment, confidence, margin } = results;
  const sorted = environment.toSorted((a, b) => (a.target < b.target ? -1 : 1));
  return {
    v: HISTORY_FORMAT,
    run,
    experiment: name,
    started,
    ended,
    ...(origin === undefined ? {} : { origin }),
    versions,
    environment: Object.fromEntries(
      sorted.map(({ target, shell, clock, fingerprint }) => [
        target,
        digest(canonical([shell, clock.source, lasting(fingerprint)])),
      ]),
    ),
    facts: Object.fromEntries(
      sorted.flatMap(({ target, fingerprint }) =>
        versionsIn(fingerprint).map(([fact, value]) => [`${target}.${fact}`, value]),
      ),
    ),
    confidence,
    margin,
    whole: !isCutOff(results) && lostTrials(results) === 0,
    ...(results.leftOut === undefined ? {} : { leftOut: results.leftOut }),
    cells: cellsOf(results, digest),
  };
}

function cellsOf(results: Results, digest: Named['digest']): HistoryCell[] {
  const self = results.falsePositives?.modes ?? [];
  return results.cells
    .filter(({ mode }) => !self.includes(mode))
    .flatMap((cell) => {
      const found = standingOf(results, cell);
      if (found === undefined) return [];
      const { mode, workload, metric, unit, better } = cell;
      const baseline = baselineOf(mode, armsOf(results));
      const open = openness(
        cell.tick,
        baseline === undefined ? undefined : cellIn(baseline, cell, results.cells)?.tick,
      );
      return {
        ...{ mode, workload, metric, unit, better },
        ...found,
        ...(open > 0 ? { open: short(open) } : {}),
        asked: digest(askedOf(results, cell, baseline)),
      };
    });
}

/** With the interval that the run reports, if any. */
function standingOf(
  results: Results,
  cell: Cell,
): Pick<HistoryCell, 'kind' | 'mean' | 'low' | 'high' | 'n'> | undefined {
  const { kind, values, blocks } = blockLogsOf(armsOf(results), results.cells, cell);
  if (values.length === 0) return undefined;
  const summary = summarise(values);
  if (kind === 'raw')
    return { kind, mean: short(summary.mean), ...ends(tInterval(summary, results.confidence)), n: blocks };
  const compared = results.comparisons.find((one) => sameCell(one, cell));
  // For example the baselines of modes on two GPUs.
  if (compared?.ratio == null) return undefined;
  const { low, high } = performance(compared.ratio, compared.low, compared.high, compared.better);
  return { kind, mean: short(summary.mean), ...ends({ low: logOf(low), high: logOf(high) }), n: blocks };
}

function ends({ low, high }: { low: number | null; high: number | null }) {
  return { low: low === null ? null : short(low), high: high === null ? null : short(high) };
}

function logOf(value: number | null): number | null {
  return value === null ? null : Math.log(value);
}

/** Within a millionth of a percent of it. */
function short(value: number): number {
  return Number(value.toFixed(8));
}

function askedOf({ specification }: Results, { mode, workload }: Cell, baseline: string | undefined): string {
  const { modes, workloads, warmup, samples } = specification;
  return canonical([
    modes[mode],
    baseline === undefined ? null : modes[baseline],
    workloads[workload],
    warmup,
    samples,
  ]);
}
