/**
 * What GitLab shows in a merge request: a metrics report, and a code-quality report with a gate's findings.
 */
import type { GateCell } from '../gate/cell.ts';
import type { Gate } from '../gate/gate.ts';
import { gateOutcome, gateRow } from '../report/gate-text.ts';
import { fnv1a64 } from '../statistics/hash.ts';
import { jsonText, oneLine } from '../words/printable.ts';
import type { ExportFile } from './format.ts';
import { openMetricsText } from './openmetrics-text.ts';

/**
 * GitLab compares a metric’s text with that of the target branch, and shows each that differs: so figures are
 * rounded to their noise, the half-width of the interval of HEAD ÷ BASE.
 * @param location The experiment file, as a path in the repository.
 */
export function gitlabFiles(gate: Gate, location: string): ExportFile[] {
  return [
    { name: 'metrics.txt', text: metricsOf(gate) },
    { name: 'gl-code-quality-report.json', text: `${jsonText(issuesOf(gate, location), 2)}\n` },
  ];
}

function metricsOf({ cells, head }: Gate): string {
  const samples = (kind: GateCell['kind']) =>
    cells.flatMap((cell) => {
      const { mode, workload, unit } = cell;
      const { figure } = cell.head;
      if (cell.kind !== kind || figure === null) return [];
      const labels = {
        mode,
        workload,
        metric: oneLine(cell.metric, 80),
        ...(kind === 'raw' ? { unit } : {}),
      };
      return [{ labels, value: toItsNoise(figure, cell) }];
    });
  return openMetricsText(
    [
      {
        ...{ name: 'vgpubench_relative_performance', unit: 'ratio', samples: samples('relative') },
        help: 'Performance ÷ the baseline’s, above 1 is better.',
      },
      { name: 'vgpubench_figure', help: 'A baseline’s own figure.', samples: samples('raw') },
    ],
    // Without seed and time: values that differ in each run would always be shown as changed.
    { experiment: head.name },
  );
}

/** For a figure without an interval, two digits. */
const SHARE_UNKNOWN = 0.05;

function toItsNoise(figure: number, { low, high, ratio }: GateCell): string {
  const share = low === null || high === null || ratio === null ? SHARE_UNKNOWN : (high - low) / 2 / ratio;
  return roundedTo(figure, Math.abs(figure) * share);
}

/** Rounded to the decimal place of the noise’s first digit: 0.8276 ± 0.013 is 0.83. */
export function roundedTo(figure: number, noise: number): string {
  if (!(noise > 0)) return String(figure);
  const place = Math.floor(Math.log10(noise));
  // Decimal places are exact as text; above the point there are none.
  return place < 0
    ? String(Number(figure.toFixed(Math.min(100, -place))))
    : String(Math.round(figure / 10 ** place) * 10 ** place);
}

function issuesOf(gate: Gate, location: string) {
  const slower = gate.cells.filter(({ gates, verdict }) => gates && verdict === 'slower');
  const issue = (check_name: string, severity: 'major' | 'minor', description: string, key: string) => ({
    ...{ description, check_name, severity },
    fingerprint: fnv1a64(`${gate.head.name} ${check_name} ${key}`).toString(16).padStart(16, '0'),
    location: { path: location, lines: { begin: 1 } },
  });
  return [
    ...slower.map((cell) => {
      const [mode, workload, metric, base, head, change, interval] = gateRow(cell, gate);
      const text = `${mode}, ${workload}: ${metric} has ${change} of its performance in BASE (interval ${interval}; BASE ${base}, HEAD ${head})`;
      return issue('perf-regression', 'major', text, keyOf(cell));
    }),
    ...gate.missing.map((cell) => {
      const text = `${cell.mode}, ${cell.workload}: ${oneLine(cell.metric, 100)} is in BASE, but HEAD has no figure for it`;
      return issue('perf-missing', 'minor', text, keyOf(cell));
    }),
    ...(gate.outcome === 'incomplete' ? [issue('perf-incomplete', 'minor', gateOutcome(gate), '')] : []),
  ];
}

/** The same for the same cell in each run, so that GitLab can recognise new ones. */
function keyOf({ mode, workload, metric }: Pick<GateCell, 'mode' | 'workload' | 'metric'>): string {
  return JSON.stringify([mode, workload, metric]);
}
