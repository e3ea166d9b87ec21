import { hasSeveralBaselines } from '../compare/baselines.ts';
import type { Results } from '../compare/results.ts';
import type { Gate } from '../gate/gate.ts';
import { incidentWords } from '../words/incident.ts';
import { oneLine } from '../words/printable.ts';
import { toldOnce } from '../words/told-once.ts';
import { answerRows, pairAnswers, shareWords } from './answer.ts';
import { CPU_HEAD, cpuRows } from './cpu-cost.ts';
import { crossingRows } from './crossings.ts';
import { ENERGY_HEAD, energyRows } from './energy-cost.ts';
import { GATE_HEAD, gateRow, gateWords } from './gate-text.ts';
import { isolationMatrix } from './isolation.ts';
import { matrixOf } from './matrix.ts';
import { MODELLED_HEAD, modelledRows, rangeWords } from './modelled.ts';
import { NODES_HEAD, nodeRows } from './nodes.ts';
import { originLine } from './origin-text.ts';
import { SHARING_HEAD, sharingRows } from './sharing.ts';
import { TAILS_HEAD, tailRows } from './tails.ts';
import { completeness, labLine, method, overheadLines, selfLine } from './wording.ts';

/** UTF-8 bytes: short enough to be read in a pull request. */
const MOST_BYTES = 4000;
const MODES = 12;
const CELLS = 10;
const FIELD = 80;
const SENTENCE = 400;

/** A part of the summary, included whole or not at all. */
interface Section {
  title: string;
  lines: readonly string[];
}

/**
 * A summary fit for a pull-request comment, of at most 4 kB: the gate's outcome if there is one, each mode's
 * figure, and then as many sections as fit, most important first. Sections that do not fit are named.
 */
export function summaryMarkdown(results: Results, gate?: Gate): string {
  const first = [
    `### ${md(results.name)}: ${md(completeness(results))}`,
    '',
    ...(gate === undefined ? [] : gateMarkdown(gate)),
    ...answerMarkdown(results),
  ];
  const sections = sectionsOf(results, gate).filter(({ lines }) => lines.length > 0);
  return fitted(first, sections);
}

/** The same for a gate alone, when two runs are compared afterwards. */
export function gateSummary(gate: Gate): string {
  const first = [`### ${md(gate.head.name)} against BASE of ${md(gate.base.started ?? 'unknown time')}`, ''];
  return fitted([...first, ...gateMarkdown(gate)], gateDoubts(gate));
}

/** Every section that fits after those before it, and the names of the others. */
function fitted(first: readonly string[], sections: readonly Section[]): string {
  const left: string[] = [];
  let text = first.join('\n');
  const names = (titles: readonly string[]) =>
    titles.length === 0 ? '' : `\n\nAlso in the report: ${titles.join(', ')}.`;
  const all = sections.map(({ title }) => title);
  for (const { title, lines } of sections) {
    const longer = [text, '', ...lines].join('\n');
    if (Buffer.byteLength(longer + names(all)) <= MOST_BYTES) text = longer;
    else left.push(title);
  }
  return `${text}${names(left)}\n`;
}

function sectionsOf(results: Results, gate: Gate | undefined): Section[] {
  const isolation = isolationMatrix(results);
  const incidents = toldOnce(results.incidents);
  return [
    { title: 'effect of options', lines: pairAnswers(results).map(item) },
    ...(gate === undefined ? [] : gateDoubts(gate)),
    {
      title: 'quarantine',
      lines: Object.values(results.recovery?.quarantined ?? {}).map(
        (reason) => `**Quarantine**: ${md(reason)}`,
      ),
    },
    { title: 'isolation', lines: titled('Isolation', tableOf(isolation.head, isolation.rows)) },
    {
      title: 'warnings',
      lines: titled(
        `Warnings** (${results.warnings.length})`,
        results.warnings.map(({ text }) => item(text)),
      ),
    },
    { title: 'the harness’s own errors', lines: selfLine(results).map(item) },
    { title: 'workloads by modes', lines: matrixMarkdown(results) },
    {
      title: 'incidents',
      lines: titled(
        `Incidents** (${results.incidents.length})`,
        incidents.map((one) => `${item(incidentWords(one))}${one.times > 1 ? ` (${one.times} times)` : ''}`),
      ),
    },
    { title: 'by node', lines: titled('By node', tableOf(NODES_HEAD, nodeRows(results))) },
    {
      title: 'guests together',
      lines: titled('Guests together', tableOf(SHARING_HEAD, sharingRows(results))),
    },
    {
      title: 'modelled performance on hardware',
      lines: titled('Modelled performance on hardware', tableOf(MODELLED_HEAD, modelledRows(results))),
    },
    { title: 'boundary crossings', lines: crossingsMarkdown(results) },
    {
      title: 'overhead versus work',
      lines: titled('Overhead versus work', overheadLines(results).map(item)),
    },
    { title: 'host CPU time', lines: titled('Host CPU time', tableOf(CPU_HEAD, cpuRows(results))) },
    {
      title: 'energy',
      lines: titled('Energy** of whole machines', tableOf(ENERGY_HEAD, energyRows(results))),
    },
    {
      title: 'tails',
      lines: titled(
        'Tails**: quantiles with their intervals, relative to the baseline',
        tableOf(TAILS_HEAD, tailRows(results)),
      ),
    },
    { title: 'what was measured', lines: originLine(results).map(item) },
    { title: 'method', lines: [`<sub>${md(method(results), 2000)}</sub>`] },
  ];
}

function gateDoubts(gate: Gate): Section[] {
  const lines = gateWords(gate).slice(0, -1).map(item);
  return [{ title: 'warnings of the gate', lines }];
}

/** A row per mode: its figure, and the evidence for it. */
function answerMarkdown(results: Results): string[] {
  const rows = answerRows(results);
  if (rows.length === 0) return ['Nothing is compared.'];
  const isLab = results.versions['lab'] !== undefined;
  const modelled = isLab && rows.some((one) => one.modelled !== undefined);
  const several = hasSeveralBaselines(results);
  const headings = [
    'mode',
    ...(several ? ['baseline'] : []),
    ...(modelled ? ['modelled on hardware', 'in emulated time'] : [`of ${rows[0]?.baseline ?? ''}`]),
    ...['verdicts', 'attested'],
  ];
  return [
    ...labLine(results).map((line) => `${md(line, SENTENCE)}\n`),
    ...tableOf(
      several && !modelled ? headings.with(2, 'performance') : headings,
      rows
        .slice(0, MODES)
        .map((one) => [
          ...[one.mode, ...(several ? [one.baseline] : [])],
          ...(modelled ? [one.modelled === undefined ? '' : rangeWords(one.modelled)] : []),
          one.measured === undefined ? 'no pair' : shareWords(one.measured),
          ...[
            one.verdicts,
            one.attested.of === 0 ? 'no evidence' : `${one.attested.held} of ${one.attested.of}`,
          ],
        ]),
    ),
    ...(rows.length > MODES ? ['', `${rows.length - MODES} more modes in the report.`] : []),
  ];
}

/** Folded: it is for looking things up. */
function matrixMarkdown(results: Results): string[] {
  const { head: headings, rows } = matrixOf(results);
  return rows.length === 0
    ? []
    : ['<details><summary>Workloads by modes</summary>', '', ...tableOf(headings, rows), '', '</details>'];
}

function crossingsMarkdown(results: Results): string[] {
  const rows = crossingRows(results).map((one) => [
    ...[one.mode, one.workload, one.perOperation, one.total, one.kinds],
    ...[one.hypercalls, one.modelled],
  ]);
  const headings = ['mode', 'workload', 'per operation', 'crossings', 'by kind', 'hypercalls', 'modelled'];
  return titled('Boundary crossings** in one run of the workload, on average', tableOf(headings, rows));
}

/** The outcome in bold, and the cells that decide it: slower ones first. */
function gateMarkdown(gate: Gate): string[] {
  const order = ['slower', 'inconclusive', 'faster', 'same'];
  const cells = gate.cells.toSorted((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict));
  return [
    `**${md(gateWords(gate).at(-1) ?? '')}**`,
    '',
    ...tableOf(
      GATE_HEAD,
      cells.slice(0, CELLS).map((cell) => gateRow(cell, gate)),
    ),
    ...(cells.length > CELLS ? ['', `${cells.length - CELLS} more cells in the gate.`] : []),
    '',
  ];
}

/** Empty if there is nothing under it. `name` is in bold, up to the first ** it contains. */
function titled(name: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`**${name.includes('**') ? name : `${name}**`}`, '', ...lines];
}

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return rows.length === 0 ? [] : [row(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(row)];
}

function item(text: string): string {
  return `- ${md(text, SENTENCE)}`;
}

function row(texts: readonly string[]): string {
  return `| ${texts.map((text) => md(text, FIELD)).join(' | ')} |`;
}

/**
 * Markdown that shows the text literally, also on GitHub: no markup, no HTML, no mention, no link. GitHub
 * looks for mentions and links after parsing Markdown, so a backslash does not stop them; a word joiner does.
 */
function md(text: string, length?: number): string {
  return oneLine(text, length)
    .replace(/[\\`*_{}[\]()#+!|~$-]/g, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/@|#|\bwww|\bgh(?=\\-\d)/gi, '$&\u2060')
    .replace(/:\/\//g, ':\u2060//');
}
