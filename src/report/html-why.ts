/** The causes behind the figures: crossings, their cost, and how guests share. */
import type { ChartSpec } from '../chart/spec.ts';
import type { Results } from '../compare/results.ts';
import { CPU_HEAD, cpuRows } from './cpu-cost.ts';
import { crossingRows } from './crossings.ts';
import { ENERGY_HEAD, energyRows } from './energy-cost.ts';
import { chartFigure } from './html-chart.ts';
import { isolation } from './html-isolation.ts';
import { type Html, html, plainRow, table } from './html-text.ts';
import { isolationLines } from './isolation.ts';
import { emulationLines, MODELLED_HEAD, modelledRows } from './modelled.ts';
import { optionPairLines } from './option-pairs.ts';
import { SHARING_HEAD, sharingRows } from './sharing.ts';
import { overheadLines } from './wording.ts';

export function why(results: Results, charts: readonly ChartSpec[]): Html {
  const isLab = results.versions['lab'] !== undefined;
  const lines = [
    ...(isLab ? emulationLines(results) : []),
    ...optionPairLines(results),
    ...isolationLines(results),
  ];
  return html`<section id="why" aria-labelledby="why-head">
    <h2 id="why-head">Why</h2>
    ${
      lines.length === 0
        ? ''
        : html`<ul>
            ${lines.map((line) => html`<li>${line}</li>`)}
          </ul>`
    }
    ${modelledTable(results)}
    <div class="long">${crossingTable(results)}</div>
    ${overheads(results)} ${charts.map((chart) => chartFigure(chart))} ${isolation(results)}
    ${sharingTable(results)}

    <div class="long">${cpuTable(results)} ${energyTable(results)}</div>
  </section>`;
}

function sharingTable(results: Results): Html {
  const rows = sharingRows(results);
  if (rows.length === 0) return html``;
  return html`<h3>Guests together</h3>
    <p class="lead">
      The guests of a trial start together. Throughput is measured until the last one ends; Jain’s index is
      computed from each guest’s throughput, and 1 means equal shares.
    </p>
    ${table(SHARING_HEAD, rows.map(plainRow))}`;
}

function cpuTable(results: Results): Html {
  const rows = cpuRows(results);
  if (rows.length === 0) return html``;
  return html`<h3>Host CPU time</h3>
    <p class="lead">
      CPU time that the host itself spent per operation, without the time of guests; on bare metal this
      includes the program’s own. A mechanism that polls is fast at the cost of CPU time.
    </p>
    ${table(CPU_HEAD, rows.map(plainRow))}`;
}

function energyTable(results: Results): Html {
  const rows = energyRows(results);
  if (rows.length === 0) return html``;
  return html`<h3>Energy</h3>
    <p class="lead">
      Energy of whole machines per operation, including idle power and everything else that ran.
    </p>
    ${table(ENERGY_HEAD, rows.map(plainRow))}`;
}

function modelledTable(results: Results): Html {
  const rows = modelledRows(results);
  if (rows.length === 0) return html``;
  return html`<h3>Modelled performance on hardware</h3>
    <p class="lead">
      The baseline’s own time, plus the counted crossings at the lowest and highest assumed cost on hardware:
      a range of performance, geometric means over workloads. The costs are assumptions unless stated
      otherwise; hardware-costs in the experiment file overrides them. Overlapping ranges are not ordered.
    </p>
    ${table(MODELLED_HEAD, rows.map(plainRow))}`;
}

function crossingTable(results: Results): Html {
  const rows = crossingRows(results);
  if (rows.length === 0) return html``;
  return html`<h3 id="crossings">Boundary crossings</h3>
    <p class="lead">
      Average number of crossings between guest and host in one run of the workload, by kind, and the
      hypercalls that they caused, if counted; those are not counted as crossings.
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
  return html`<h3>Overhead versus work</h3>
    <ul>
      ${lines.map((line) => html`<li>${line}</li>`)}
    </ul>`;
}
