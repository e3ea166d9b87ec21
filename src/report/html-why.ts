/** What stands behind the figures: what crosses, what that costs, and how guests share. */
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
      Guests of a trial start together. Throughput counts from there to the last one’s end; Jain’s index is of
      the guests’ own throughputs, 1 is even.
    </p>
    ${table(SHARING_HEAD, rows.map(plainRow))}`;
}

function cpuTable(results: Results): Html {
  const rows = cpuRows(results);
  if (rows.length === 0) return html``;
  return html`<h3>Host CPU time</h3>
    <p class="lead">
      CPU time that the host spent itself over a trial, by operation, without what it lent to guests; on bare
      metal the program’s own is in it. A mechanism that polls is quick at the cost of a CPU.
    </p>
    ${table(CPU_HEAD, rows.map(plainRow))}`;
}

function energyTable(results: Results): Html {
  const rows = energyRows(results);
  if (rows.length === 0) return html``;
  return html`<h3>Energy</h3>
    <p class="lead">
      What whole machines took over a trial, by operation: idling, and all else that ran there, is in it.
    </p>
    ${table(ENERGY_HEAD, rows.map(plainRow))}`;
}

function modelledTable(results: Results): Html {
  const rows = modelledRows(results);
  if (rows.length === 0) return html``;
  return html`<h3>What the counts come to on hardware</h3>
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
  return html`<h3 id="crossings">Boundary crossings</h3>
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
  return html`<h3>Overhead against work</h3>
    <ul>
      ${lines.map((line) => html`<li>${line}</li>`)}
    </ul>`;
}
