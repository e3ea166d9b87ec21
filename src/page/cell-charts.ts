/**
 * The charts behind one cell: its own blocks, and the charts of its workload, with incidents marked in them.
 */
import { drawable } from '../chart/drawable.ts';
import { pairedChart } from '../chart/paired.ts';
import { seriesChart } from '../chart/series.ts';
import type { ChartSpec } from '../chart/spec.ts';
import { shownIn } from '../chart/units.ts';
import { isSameCell } from './address.ts';
import type { PageCell, PageChart, PageData, PageTrial } from '../report/page-data.ts';

/** The completed trials of a cell, or of another mode if one is named. */
export function trialsIn({ trials }: PageData, cell: PageCell, mode = cell.mode): PageTrial[] {
  return trials.find((one) => isSameCell(one, { ...cell, mode }))?.trials ?? [];
}

/** The geometric means of blocks that both the mode and its baseline have. */
function pairsIn(data: PageData, cell: PageCell): { block: number; own: number; base: number }[] {
  const beside = new Map(trialsIn(data, cell, cell.baseline).map(([, block, mean]) => [block, mean]));
  return trialsIn(data, cell).flatMap(([, block, own]) => {
    const base = beside.get(block);
    return base === undefined ? [] : [{ block, own, base }];
  });
}

export function chartsFor(cell: PageCell, data: PageData): PageChart[] {
  const marks = marksOf(cell, data);
  const overBlocks = (charts: readonly ChartSpec[]) => charts.map((chart) => marked(drawable(chart), marks));
  const others = data.charts.filter((chart) => isOf(chart, cell));
  // Those of the metric itself before those of its workload.
  const own = others.filter(({ of }) => of !== 'run' && of.metric !== undefined);
  return [
    ...overBlocks(pairedOf(cell, data)),
    ...own,
    ...overBlocks([seriesOf(cell, data)]),
    ...others.filter((chart) => !own.includes(chart)),
  ];
}

function isOf({ of }: PageChart, { workload, metric }: PageCell): boolean {
  return of !== 'run' && of.workload === workload && (of.metric ?? metric) === metric;
}

function seriesOf({ workload, metric, unit, better }: PageCell, { modes, trials }: PageData): ChartSpec {
  return seriesChart({
    id: 'series',
    ...{ workload, metric, unit, better, modes },
    cells: trials
      .filter((one) => one.workload === workload && one.metric === metric)
      .map((one) => ({
        mode: one.mode,
        trials: one.trials.map(([, block, , median, , , , samples]) => ({ block, median, samples })),
      })),
  });
}

function pairedOf(cell: PageCell, data: PageData): ChartSpec[] {
  const { modes, margin } = data;
  const pairs = pairsIn(data, cell);
  if (pairs.length === 0) return [];
  const { mode, baseline, better, share, low, high } = cell;
  const { unit, of } = shownIn(
    cell.unit,
    pairs.map(({ own }) => own),
  );
  return [
    pairedChart({
      ...{ mode, baseline, better, share, low, high, margin, unit },
      index: modes.indexOf(mode),
      blocks: pairs.map(({ block, own, base }) => ({ block, own: of(own), base: of(base) })),
    }),
  ];
}

/** With more marks than this, their texts don't fit. */
const MOST_WORDS = 12;

interface Mark {
  at: number;
  words: string;
}

/** Boots of the mode's machines between two blocks, and blocks with incidents. */
function marksOf(cell: PageCell, data: PageData): Mark[] {
  const own = trialsIn(data, cell);
  const boots = own.flatMap(([, block, , , , , boot], at) => {
    const [, blockBefore, , , , , bootBefore] = own[at - 1] ?? [];
    return blockBefore === undefined || boot === null || bootBefore === boot
      ? []
      : [{ at: (blockBefore + block) / 2, words: 'boot' }];
  });
  return [
    ...boots,
    ...data.incidents.map(({ block, texts }) => ({
      at: block,
      words: texts.length === 1 ? 'incident' : `${texts.length} incidents`,
    })),
  ];
}

/** A chart over blocks, with a line for each mark. */
function marked(chart: PageChart, marks: readonly Mark[]): PageChart {
  if (marks.length === 0) return chart;
  const options = chart.config.options ?? {};
  const { annotation } = (options.plugins ?? {}) as { annotation?: { annotations?: object } };
  const lines = Object.fromEntries(
    marks.map(({ at, words }, index) => [
      `mark-${index}`,
      {
        ...{ type: 'line', xMin: at, xMax: at, borderColor: '#777777', borderWidth: 1, borderDash: [2, 3] },
        label: {
          ...{
            display: marks.length <= MOST_WORDS,
            content: words,
            position: 'end',
            rotation: -90,
            font: { size: 10 },
          },
          ...{ backgroundColor: '#ffffffcc', color: '#444444', padding: 2 },
        },
      },
    ]),
  );
  const plugins = {
    ...options.plugins,
    annotation: { annotations: { ...annotation?.annotations, ...lines } },
  };
  return {
    ...chart,
    caption: `${chart.caption} Dotted lines: boots of the mode’s machines, and incidents.`,
    config: { ...chart.config, options: { ...options, plugins } },
  };
}
