import { chartedMetrics } from '../chart/charted.ts';
import type { ChartSpec } from '../chart/spec.ts';
import { baselineWord, hasSeveralBaselines } from '../compare/baselines.ts';
import type { Gate } from '../gate/gate.ts';
import { lostTrials } from '../compare/history.ts';
import type { Results } from '../compare/results.ts';
import { blocks, lost } from './html-blocks.ts';
import { warnings } from './html-warnings.ts';
import { attestation, environment, incidents, reproduction } from './html-evidence.ts';
import { GATE_HEAD, gateRow, gateWords } from './gate-text.ts';
import { answer } from './html-answer.ts';
import { chartFigure } from './html-chart.ts';
import { matrix } from './html-matrix.ts';
import { why } from './html-why.ts';
import { pageOf } from './html-page.ts';
import { NODES_HEAD, nodeRows } from './nodes.ts';
import { type Html, html, plainRow, table } from './html-text.ts';
import { pageData } from './page-data.ts';
import { completeness, labLine, lineOf, method, selfLine } from './wording.ts';

export interface PageInput {
  results: Results;
  charts: readonly ChartSpec[];
  /** The experiment file as it was given. */
  experiment: string;
  /** The gate, if the run was compared with another. */
  gate?: Gate | undefined;
}

/** The report. */
export function reportHtml({ results, charts, experiment, gate }: PageInput): string {
  const suite = charts.filter((one) => one.of === 'run');
  const body = html`<header>
      <h1>${results.name}</h1>
      <p class="lead">${completeness(results)} · seed ${results.seed} · ${startedWords(results)}</p>
      ${warning(results)} ${gateSection(gate)}
    </header>
    <main id="report">
      ${answer(results)} ${contents(results)} ${matrix(results)}
      <section id="figures" aria-labelledby="figures-head">
        <h2 id="figures-head">Figures</h2>
        ${suite.filter(({ id }) => id === 'relative').map((chart) => chartFigure(chart, false))}
        <p class="lead">${method(results)}</p>
        ${nodesTable(results)}
        <div class="long">${comparisonTable(results)} ${leftOut(results)}</div>
        ${notes(results)}
      </section>
      ${why(
        results,
        suite.filter(({ id }) => id !== 'relative'),
      )}
      <section id="belief" aria-labelledby="belief-head">
        <h2 id="belief-head">Evidence and warnings</h2>
        <ul>
          ${[...labLine(results), ...selfLine(results)].map((line) => html`<li>${line}</li>`)}
        </ul>
        ${warnings(results)} ${lost(results)}
        <h3 id="incidents">Incidents</h3>
        ${incidents(results)}
        <div class="long">
          <h3>Attestation</h3>
          ${attestation(results)} ${blocks(results)}
          <h3 id="environment">Environment</h3>
          ${environment(results)}
        </div>
      </section>
      <section id="again" aria-labelledby="again-head">
        <h2 id="again-head">How to reproduce</h2>
        ${reproduction(results, experiment)}
      </section>
    </main>`;
  return pageOf(`vgpubench: ${results.name}`, body, pageData(results, charts));
}

/** `2026-11-21 16:29 UTC` */
function startedWords({ started }: Results): string {
  return started === null ? 'not started' : `${started.slice(0, 16).replace('T', ' ')} UTC`;
}

/** Links to the sections that the run has. */
function contents(results: Results): Html {
  const all = [
    ['matrix', 'Workloads by modes', results.comparisons.length > 0],
    ['figures', 'Figures', true],
    ['why', 'Why', true],
    ['belief', 'Evidence and warnings', true],
    ['lost', 'Trials without a figure', results.unsuccessful.length > 0],
    ['blocks', 'Block by block', results.cells.length > 0],
    ['environment', 'Environment', true],
    ['again', 'How to reproduce', true],
  ] as const;
  return html`<nav aria-label="Contents">
    ${all.filter(([, , has]) => has).map(([id, words]) => html`<a href="#${id}">${words}</a>`)}
  </nav>`;
}

function warning(results: Results): Html {
  const { endReason } = results;
  const bad = lostTrials(results);
  const words = [
    ...(bad > 0 ? [html`${bad} trials gave no figure: <a href="#lost">which, and why.</a>`] : []),
    ...(endReason === null
      ? ['The last session of this run was killed. To continue it: vgpubench resume.']
      : []),
    ...(endReason === 'interrupted'
      ? [
          results.nodes === undefined
            ? 'The run was interrupted. To continue it: vgpubench resume.'
            : 'A shard of the run is missing or incomplete; see Incidents.',
        ]
      : []),
    ...(endReason === 'budget' ? ['The run reached its time budget before its last block.'] : []),
    ...(endReason === 'plateau'
      ? [
          'Some intervals stopped narrowing before they reached design.precision, so the run ended early: its blocks drift, are correlated, or have figures in coarser steps. See Warnings.',
        ]
      : []),
    ...(endReason === 'precision'
      ? ['The intervals were narrow enough before the last block, so the run ended early.']
      : []),
  ];
  return words.length === 0
    ? html``
    : html`<div class="warn">${words.map((word) => html`<p>${word}</p>`)}</div>`;
}

function comparisonTable(results: Results): Html {
  if (results.comparisons.length === 0)
    return html`<p>
      ${results.isolation.length === 0 ? 'There is nothing to compare yet.' : 'Nothing to compare: probes have verdicts, not figures.'}
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

/** The figures of each node, if the run has several. */
function nodesTable(results: Results): Html {
  const rows = nodeRows(results);
  return rows.length === 0
    ? html``
    : html`<h3>By node</h3>
        ${table(NODES_HEAD, rows.map(plainRow))}`;
}

function gateSection(gate: Gate | undefined): Html {
  if (gate === undefined) return html``;
  // The outcome first, then what failed: that is what the reader came for.
  const cells = gate.cells.toSorted(
    (a, b) => Number(b.verdict === 'slower') - Number(a.verdict === 'slower'),
  );
  return html`<section class="gate ${gate.outcome === 'passed' ? '' : 'failed'}" aria-labelledby="gate-head">
    <h2 id="gate-head">Gate</h2>
    ${gateWords(gate)
      .toReversed()
      .map((line) => html`<p>${line}</p>`)}
    ${table(
      GATE_HEAD,
      cells.map((cell) => plainRow(gateRow(cell, gate))),
    )}
  </section>`;
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
