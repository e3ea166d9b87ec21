/** All the details of one cell of the matrix. */
import { useEffect, useRef } from 'preact/hooks';
import { figure } from '../chart/spec.ts';
import { shownIn } from '../chart/units.ts';
import type { PageCell, PageData, PageTrial } from '../report/page-data.ts';
import { addressOf } from './address.ts';
import { chartsFor, trialsIn } from './cell-charts.ts';
import { ChartFigure, Table } from './chart.tsx';

export function CellPage({ cell, data }: { cell: PageCell; data: PageData }) {
  const { mode, workload, metric, baseline, verdict, words, attested, note, intervals } = cell;
  const heading = useRef<HTMLHeadingElement>(null);
  const address = addressOf(cell);
  useEffect(() => {
    scrollTo(0, 0);
    heading.current?.focus();
  }, [address]);
  return (
    <>
      <nav aria-label="Cells">
        <a href="#matrix">← All cells</a>
        {neighbours(cell, data.cells).map(([name, one]) => (
          <a key={name} href={addressOf(one)}>
            {name}: {one.workload}
          </a>
        ))}
      </nav>
      <h2 id="cell-head" ref={heading} tabIndex={-1}>
        {workload}: {metric} in {mode}
      </h2>
      <p class={`verdict ${verdict}`}>
        <strong class="large">{words?.ratio ?? 'no pair'}</strong>{' '}
        {words !== undefined && `of ${baseline}’s performance (${words.interval}), ${verdict}`}
        {!attested && '; not attested'}
      </p>
      {note !== null && <p>{note}</p>}
      <Absolute cell={cell} data={data} />
      {chartsFor(cell, data).map((chart) => (
        <ChartFigure key={`${address} ${chart.id}`} chart={chart} />
      ))}
      {intervals.length > 0 && (
        <>
          <h3>The interval by several methods</h3>
          <p class="lead">{data.intervalsLead}</p>
          <Table head={['Method', `% of ${baseline}’s performance`]} rows={intervals} />
        </>
      )}
      <Trials cell={cell} data={data} />
    </>
  );
}

/** The cells before and after it of the same mode. */
function neighbours(cell: PageCell, cells: readonly PageCell[]): [string, PageCell][] {
  const own = cells.filter(({ mode }) => mode === cell.mode);
  const at = own.indexOf(cell);
  const [before, after] = [own[at - 1], own[at + 1]];
  return [
    ...(before === undefined ? [] : [['Previous', before] as [string, PageCell]]),
    ...(after === undefined ? [] : [['Next', after] as [string, PageCell]]),
  ];
}

/** The mode and its baseline in the metric's own unit. */
function Absolute({ cell, data }: { cell: PageCell; data: PageData }) {
  const { mode, baseline, better } = cell;
  const [own, base] = [trialsIn(data, cell), trialsIn(data, cell, baseline)];
  const { unit, of } = shownIn(
    cell.unit,
    own.map(([, , mean]) => mean),
  );
  const row = (name: string, trials: readonly PageTrial[]) => {
    const means = trials.map(([, , mean]) => of(mean));
    const logs = means.reduce((sum, mean) => sum + Math.log(mean), 0);
    return [
      name,
      ...(means.length === 0
        ? ['none', 'none', 'none']
        : [Math.exp(logs / means.length), Math.min(...means), Math.max(...means)].map(
            (value) => `${figure(value)} ${unit}`,
          )),
      String(trials.length),
      String(trials.reduce((sum, [, , , , count]) => sum + count, 0)),
    ];
  };
  return (
    <>
      <h3>In absolute units</h3>
      <p class="lead">
        Geometric means of the samples of each block, and over all blocks; {better} is better.
      </p>
      <Table
        head={['Mode', 'All blocks', 'Lowest block', 'Highest block', 'Blocks', 'Samples']}
        rows={[row(mode, own), row(baseline, base)]}
      />
    </>
  );
}

/** Each trial of the cell with its outcome and its evidence. */
function Trials({ cell, data }: { cell: PageCell; data: PageData }) {
  const { mode, workload } = cell;
  const own = trialsIn(data, cell);
  const { unit, of } = shownIn(
    cell.unit,
    own.map(([, , mean]) => mean),
  );
  const lost = data.lost.filter((one) => one.mode === mode && one.workload === workload);
  const rows = [
    ...own.map(([trial, block, mean, , count, time, boot]) => [
      ...[trial, 'completed', `${figure(of(mean))} ${unit}`, String(count)],
      ...[time, boot === null ? '' : String(boot), evidenceIn(block, mode, data)],
    ]),
    ...lost.map(({ trial, outcome, reason }) => [
      ...[trial, reason === '' ? outcome : `${outcome}: ${reason}`, '', '', '', '', ''],
    ]),
  ];
  return (
    <>
      <h3>Trials</h3>
      <Table
        head={['Trial', 'Outcome', 'Geometric mean', 'Samples', 'Started (UTC)', 'Boot', 'Evidence']}
        rows={rows.toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1))}
      />
    </>
  );
}

function evidenceIn(block: number, mode: string, { evidence }: PageData): string {
  const visit = evidence.find((one) => one.block === block && one.mode === mode);
  if (visit === undefined) return 'none';
  const { held, of, failed } = visit;
  return `${held === of ? '✓' : '✗'} ${held} of ${of}${failed.length === 0 ? '' : `: ${failed.join('; ')}`}`;
}
