import { hasSeveralBaselines } from '../compare/baselines.ts';
import type { Gate } from '../gate/gate.ts';
import type { Results } from '../compare/results.ts';
import { toldOnce } from '../words/told-once.ts';
import { incidentWords } from '../words/incident.ts';
import { CPU_HEAD, cpuRows } from './cpu-cost.ts';
import { ENERGY_HEAD, energyRows } from './energy-cost.ts';
import { crossingRows } from './crossings.ts';
import { GATE_HEAD, gateRow, gateWords } from './gate-text.ts';
import { oneLine } from '../words/printable.ts';
import { isolationMatrix } from './isolation.ts';
import { MODELLED_HEAD, modelledRows } from './modelled.ts';
import { SHARING_HEAD, sharingRows } from './sharing.ts';
import { TAILS_HEAD, tailRows } from './tails.ts';
import { completeness, lineOf, method, overheadLines, sentences } from './wording.ts';

/** GitHub's comments end at 65,536 characters; a summary stays far below. */
const ROWS = 60;
const SENTENCES = 30;
const SENTENCE = 600;
const SHARING_ROWS = 20;
const FIELD = 200;
const INCIDENTS = 10;
const WARNINGS = 10;

/** A summary fit for a pull-request comment; where the run was held against another, the gate comes first. */
export function summaryMarkdown(results: Results, gate?: Gate): string {
  const told = sentences(results);
  const overheads = overheadLines(results);
  const lines = results.comparisons.map(lineOf);
  const several = hasSeveralBaselines(results);
  const shown = lines.slice(0, ROWS);
  const crossings = crossingRows(results);
  const modelled = modelledRows(results);
  const isolation = isolationMatrix(results);
  const different = toldOnce(results.incidents);
  const incidents = different.slice(0, INCIDENTS);
  return [
    `### ${md(results.name)}: ${md(completeness(results))}`,
    '',
    ...(gate === undefined ? [] : gateMarkdown(gate)),
    ...list(told),
    '',
    `| mode |${several ? ' baseline |' : ''} workload | metric | relative to baseline | interval | verdict | blocks | attested |`,
    `|---|${several ? '---|' : ''}---|---|---:|---|---|---:|---|`,
    ...shown.map((l) =>
      row([
        ...[l.mode, ...(several ? [l.baseline] : []), l.workload, l.metric],
        ...[l.relative, l.interval, l.verdict, l.blocks, l.attested],
      ]),
    ),
    ...(lines.length > ROWS ? ['', `${lines.length - ROWS} more in results.json.`] : []),
    ...(isolation.rows.length === 0
      ? []
      : ['', '**Isolation**', '', ...head(isolation.head), ...isolation.rows.map(row)]),
    ...(modelled.length === 0
      ? []
      : ['', '**What the counts come to on hardware**', '', ...head(MODELLED_HEAD), ...modelled.map(row)]),
    ...(crossings.length === 0
      ? []
      : [
          '',
          '**Boundary crossings** in one run of the workload, on average',
          '',
          ...head(['mode', 'workload', 'per operation', 'crossings', 'by kind', 'hypercalls', 'modelled']),
          ...crossings
            .slice(0, ROWS)
            .map((one) =>
              row([
                ...[one.mode, one.workload, one.perOperation, one.total, one.kinds],
                ...[one.hypercalls, one.modelled],
              ]),
            ),
          ...(crossings.length > ROWS ? ['', `${crossings.length - ROWS} more in results.json.`] : []),
        ]),
    ...(overheads.length === 0 ? [] : ['', '**Overhead against work**', '', ...list(overheads)]),
    ...sharingMarkdown(results),
    ...costMarkdown('**Host CPU time**', CPU_HEAD, cpuRows(results), 'cpu.csv'),
    ...costMarkdown('**Energy** of whole machines', ENERGY_HEAD, energyRows(results), 'energy.csv'),
    ...tailsMarkdown(results),
    ...(results.warnings.length === 0
      ? []
      : [
          '',
          `**Warnings** (${results.warnings.length})`,
          '',
          ...results.warnings.slice(0, WARNINGS).map(({ text }) => `- ${md(text)}`),
        ]),
    ...Object.values(results.recovery?.quarantined ?? {}).flatMap((reason) => [
      '',
      `**Quarantine**: ${md(reason)}`,
    ]),
    ...(incidents.length === 0
      ? []
      : [
          '',
          `**Incidents** (${results.incidents.length})`,
          '',
          ...incidents.map(
            (one) => `- ${md(incidentWords(one))}${one.times > 1 ? ` (${one.times} times)` : ''}`,
          ),
        ]),
    ...(different.length > INCIDENTS ? [`- ${different.length - INCIDENTS} more in the report`] : []),
    '',
    `<sub>${md(method(results))}</sub>`,
    '',
  ].join('\n');
}

/** The outcome in bold, the cells as a table, and its warnings. */
function gateMarkdown(gate: Gate): string[] {
  const words = gateWords(gate);
  const warnings = words.slice(0, -1);
  return [
    `**${md(words.at(-1) ?? '')}**`,
    '',
    row(GATE_HEAD),
    '|---|---|---|---:|---:|---:|---|---|',
    ...gate.cells.slice(0, ROWS).map((cell) => row(gateRow(cell, gate))),
    ...(gate.cells.length > ROWS ? ['', `${gate.cells.length - ROWS} more cells in the gate.`] : []),
    '',
    ...warnings.slice(-WARNINGS).map((text) => `- ${md(text)}`),
    '',
  ];
}

function sharingMarkdown(results: Results): string[] {
  const rows = sharingRows(results);
  if (rows.length === 0) return [];
  return [
    '',
    '**Guests together**',
    '',
    row(SHARING_HEAD),
    '|---|---|---|---:|---:|---:|---:|---:|',
    ...rows.slice(0, SHARING_ROWS).map(row),
    ...(rows.length > SHARING_ROWS ? ['', `${rows.length - SHARING_ROWS} more in results.json.`] : []),
  ];
}

function costMarkdown(
  title: string,
  heads: readonly string[],
  rows: readonly string[][],
  file: string,
): string[] {
  if (rows.length === 0) return [];
  return [
    ...['', title, '', ...head(heads)],
    ...rows.slice(0, SHARING_ROWS).map(row),
    ...(rows.length > SHARING_ROWS ? ['', `${rows.length - SHARING_ROWS} more in ${file}.`] : []),
  ];
}

function tailsMarkdown(results: Results): string[] {
  const rows = tailRows(results);
  if (rows.length === 0) return [];
  return [
    '',
    '**Tails**: quantiles with their intervals, and of the baseline’s',
    '',
    ...head(TAILS_HEAD),
    ...rows.slice(0, SHARING_ROWS).map(row),
    ...(rows.length > SHARING_ROWS ? ['', `${rows.length - SHARING_ROWS} more in tails.csv.`] : []),
  ];
}

function list(told: readonly string[]): string[] {
  return [
    ...told.slice(0, SENTENCES).map((line) => `- ${md(line, SENTENCE)}`),
    ...(told.length > SENTENCES ? [`- ${told.length - SENTENCES} more in the report`] : []),
  ];
}

function row(texts: readonly string[]): string {
  return `| ${texts.map((text) => md(text, FIELD)).join(' | ')} |`;
}

function head(names: readonly string[]): string[] {
  return [row(names), `|${names.map(() => '---').join('|')}|`];
}

/**
 * Text in Markdown that means nothing but itself, also to GitHub: no markup, no HTML, no mention, no
 * link. What a backslash doesn't stop, since it is looked for after Markdown was read, a word joiner does.
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
