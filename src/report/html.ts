import { createHash } from 'node:crypto';
import { chartedMetrics } from '../chart/charted.ts';
import type { ChartSpec } from '../chart/spec.ts';
import { baselineWord, hasSeveralBaselines } from '../compare/baselines.ts';
import type { Gate } from '../gate/gate.ts';
import { lostTrials } from '../compare/history.ts';
import type { Results } from '../compare/results.ts';
import { jsonText } from '../words/printable.ts';
import { CPU_HEAD, cpuRows } from './cpu-cost.ts';
import { crossingRows } from './crossings.ts';
import { warnings } from './html-warnings.ts';
import { intervalTable } from './html-intervals.ts';
import { attestation, environment, incidents, reproduction } from './html-evidence.ts';
import { isolation } from './html-isolation.ts';
import { GATE_HEAD, gateRow, gateWords } from './gate-text.ts';
import { type Html, escapeHtml, html, table } from './html-text.ts';
import { DRAW_SCRIPT, librarySources } from './page-script.ts';
import { MODELLED_HEAD, modelledRows } from './modelled.ts';
import { SHARING_HEAD, sharingRows } from './sharing.ts';
import { STYLE } from './style.ts';
import { completeness, lineOf, method, overheadLines, sentences } from './wording.ts';

export interface PageInput {
  results: Results;
  charts: readonly ChartSpec[];
  /** The experiment file as it was given. */
  experiment: string;
  /** Where the run was held against another. */
  gate?: Gate | undefined;
}

/**
 * The report: one page that needs nothing but itself. Its content security policy names the hash of each
 * script and of the style and allows nothing else, so that no text of a guest can ever run or load anything.
 */
export function reportHtml({ results, charts, experiment, gate }: PageInput): string {
  const scripts = [...librarySources(), DRAW_SCRIPT];
  const policy = [
    "default-src 'none'",
    `script-src ${scripts.map(hash).join(' ')}`,
    `style-src ${hash(STYLE)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  // What most readers came for stands first; the other charts come after the tables.
  const summary = charts.filter(({ id }) => id === 'relative');
  const others = charts.filter(({ id }) => id !== 'relative');
  // Counts carry over from the lab to hardware, times do not.
  const isLab = results.versions['lab'] !== undefined;
  const body = html` <header>
      <h1>${results.name}</h1>
      <p class="lead">${completeness(results)} · seed ${results.seed} · ${results.started ?? ''}</p>
      ${warning(results)}
      <ul>
        ${sentences(results).map((line) => html`<li>${line}</li>`)}
      </ul>
    </header>
    <main>
      ${gateSection(gate)} ${isLab ? crossingSections(results) : ''}
      <h2>Comparison</h2>
      ${summary.map(chartFigure)} ${comparisonTable(results)}
      <p class="lead">${method(results)}</p>
      ${intervalTable(results)} ${notes(results)} ${warnings(results)} ${isolation(results)}
      ${sharingTable(results)} ${cpuTable(results)} ${isLab ? '' : crossingSections(results)}
      ${overheads(results)} ${others.length === 0 ? '' : html`<h2>Charts</h2>`} ${others.map(chartFigure)}
      ${leftOut(results)}
      <h2>Attestation</h2>
      ${attestation(results)}
      <h2>Incidents</h2>
      ${incidents(results)}
      <h2>Environment</h2>
      ${environment(results)}
      <h2>How to reproduce</h2>
      ${reproduction(results, experiment)}
    </main>`;
  const data = jsonText(charts.map(({ id, config }) => ({ id, config }))).replaceAll('<', '\\u003c');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>${escapeHtml(`vgpubench: ${results.name}`)}</title>
<style>${STYLE}</style>
</head>
<body>
${body.text}
<script type="application/json" id="charts">${data}</script>
${scripts.map((script) => `<script>${script}</script>`).join('\n')}
</body>
</html>
`;
}

function hash(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

function warning(results: Results): Html {
  const { endReason } = results;
  const bad = lostTrials(results);
  const words = [
    ...(bad > 0 ? [`${bad} trials gave no figure: see Incidents.`] : []),
    ...(endReason === null
      ? ['The last session of this run was killed: vgpubench resume goes on from there.']
      : []),
    ...(endReason === 'interrupted' ? ['The run was interrupted: vgpubench resume goes on from there.'] : []),
    ...(endReason === 'budget' ? ['The time budget ended the run before its last block.'] : []),
    ...(endReason === 'plateau'
      ? [
          'Some intervals stopped narrowing before they reached design.precision, so the run ended there: its blocks drift, or depend on each other. See Warnings.',
        ]
      : []),
    ...(endReason === 'precision'
      ? ['The intervals were narrow enough before the last block, so the run ended there.']
      : []),
  ];
  return words.length === 0
    ? html``
    : html`<div class="warn">${words.map((word) => html`<p>${word}</p>`)}</div>`;
}

function comparisonTable(results: Results): Html {
  if (results.comparisons.length === 0)
    return html`<p>
      ${results.isolation.length === 0 ? 'There is nothing to compare yet.' : 'Nothing here is compared: probes have verdicts and no figures.'}
    </p>`;
  const several = hasSeveralBaselines(results);
  const head = [
    'Mode',
    ...(several ? ['Baseline'] : []),
    'Workload',
    'Metric',
    `% of ${baselineWord(results)}`,
    'Interval',
    'Verdict',
    'Blocks',
    'Attested',
  ];
  const rows = results.comparisons.map((one) => {
    const line = lineOf(one);
    const modes = several ? [line.mode, line.baseline] : [line.mode];
    return html`<tr>
      ${modes.map((mode) => html`<td>${mode}</td>`)}
      <td>${line.workload}</td>
      <td>${line.metric}</td>
      <td class="number">${line.relative}</td>
      <td class="number">${line.interval}</td>
      <td class="verdict ${one.verdict}">${line.verdict}</td>
      <td class="number">${line.blocks}</td>
      <td>${line.attested}</td>
    </tr>`;
  });
  return table(head, rows);
}

function gateSection(gate: Gate | undefined): Html {
  if (gate === undefined) return html``;
  return html`<h2>Gate</h2>
    ${gateWords(gate).map((line) => html`<p>${line}</p>`)}
    ${table(
      GATE_HEAD,
      gate.cells.map((cell) => plainRow(gateRow(cell, gate))),
    )}`;
}

function sharingTable(results: Results): Html {
  const rows = sharingRows(results);
  if (rows.length === 0) return html``;
  return html`<h2>Guests together</h2>
    <p class="lead">
      Guests of a trial start together. Throughput counts from there to the last one’s end; Jain’s index is of
      the guests’ own throughputs, 1 is even.
    </p>
    ${table(SHARING_HEAD, rows.map(plainRow))}`;
}

function cpuTable(results: Results): Html {
  const rows = cpuRows(results);
  if (rows.length === 0) return html``;
  return html`<h2>Host CPU time</h2>
    <p class="lead">
      CPU time that the host spent itself over a trial, by operation, without what it lent to guests; on bare
      metal the program’s own is in it. A mechanism that polls is quick at the cost of a CPU.
    </p>
    ${table(CPU_HEAD, rows.map(plainRow))}`;
}

function plainRow(fields: readonly string[]): Html {
  return html`<tr>
    ${fields.map((value) => html`<td>${value}</td>`)}
  </tr>`;
}

function crossingSections(results: Results): Html {
  return html`${modelledTable(results)} ${crossingTable(results)}`;
}

function modelledTable(results: Results): Html {
  const rows = modelledRows(results);
  if (rows.length === 0) return html``;
  return html`<h2>What the counts come to on hardware</h2>
    <p class="lead">
      The baseline’s own time, and what crosses at the least and the most that it may cost there: a range of
      performance, geometric means over workloads. The costs are assumptions unless they say otherwise;
      hardware-costs in the experiment file puts others in their place. Ranges that overlap have no order.
    </p>
    ${table(MODELLED_HEAD, rows.map(plainRow))}`;
}

function crossingTable(results: Results): Html {
  const rows = crossingRows(results);
  if (rows.length === 0) return html``;
  return html`<h2>Boundary crossings</h2>
    <p class="lead">
      Passages between guest and host in one run of the workload, on average, by kind; and what they had the
      hypervisor do, where that was counted: hypercalls are no crossings of the guest’s own.
    </p>
    ${table(
      ['Mode', 'Workload', 'Per operation', 'Crossings', 'By kind', 'Hypercalls', 'Modelled'],
      rows.map(
        ({ mode, workload, perOperation, total, kinds, hypercalls, modelled }) =>
          html`<tr>
            <td>${mode}</td>
            <td>${workload}</td>
            <td>${perOperation}</td>
            <td class="number">${total}</td>
            <td>${kinds}</td>
            <td>${hypercalls}</td>
            <td class="number">${modelled}</td>
          </tr>`,
      ),
    )}`;
}

function overheads(results: Results): Html {
  const lines = overheadLines(results);
  if (lines.length === 0) return html``;
  return html`<h2>Overhead against work</h2>
    <ul>
      ${lines.map((line) => html`<li>${line}</li>`)}
    </ul>`;
}

function leftOut(results: Results): Html {
  const { left } = chartedMetrics(results);
  return left === 0
    ? html``
    : html`<p>${left} more metrics have no chart; their figures are in results.json and samples.csv.</p>`;
}

function notes(results: Results): Html {
  const noted = results.comparisons.filter(({ note }) => note !== null);
  if (noted.length === 0) return html``;
  const items = noted.map(
    ({ mode, workload, metric, note }) => html`<li>${mode}, ${workload}, ${metric}: ${note ?? ''}</li>`,
  );
  return html`<h3>Where the methods disagree</h3>
    <ul>
      ${items}
    </ul>`;
}

function chartFigure(chart: ChartSpec): Html {
  return html`<figure>
    <h3>${chart.title}</h3>
    <div class="canvas">
      <canvas
        id="chart-${chart.id}"
        height="${chart.height}"
        role="img"
        aria-label="${chart.title}. ${chart.caption}"
      ></canvas>
    </div>
    <figcaption>${chart.caption}</figcaption>
    <details>
      <summary>The same as a table</summary>
      ${table(chart.table.head, chart.table.rows.map(plainRow))}
    </details>
  </figure>`;
}
