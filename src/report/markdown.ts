import type { Results } from '../compare/results.ts';
import { oneLine } from './hostile.ts';
import { completeness, lineOf, method, sentences } from './wording.ts';

/** GitHub's comments end at 65,536 characters; a summary stays far below. */
const ROWS = 60;
const INCIDENTS = 10;
const WARNINGS = 10;

/** A summary fit for a pull-request comment. */
export function summaryMarkdown(results: Results): string {
  const lines = results.comparisons.map(lineOf);
  const shown = lines.slice(0, ROWS);
  const incidents = results.incidents.slice(0, INCIDENTS);
  return [
    `### ${md(results.name)}: ${md(completeness(results))}`,
    '',
    ...sentences(results).map((headline) => `- ${md(headline)}`),
    '',
    '| mode | workload | metric | relative to baseline | interval | verdict | blocks | attested |',
    '|---|---|---|---:|---|---|---:|---|',
    ...shown.map(
      (l) =>
        `| ${[l.mode, l.workload, l.metric, l.relative, l.interval, l.verdict, l.blocks, l.attested].map(md).join(' | ')} |`,
    ),
    ...(lines.length > ROWS ? ['', `${lines.length - ROWS} more in results.json.`] : []),
    ...(results.warnings.length === 0
      ? []
      : [
          '',
          `**Doubts** (${results.warnings.length})`,
          '',
          ...results.warnings.slice(0, WARNINGS).map(({ text }) => `- ${md(text)}`),
        ]),
    ...(incidents.length === 0
      ? []
      : [
          '',
          `**Incidents** (${results.incidents.length})`,
          '',
          ...incidents.map(({ kind, text }) => `- ${md(kind)}: ${md(text)}`),
        ]),
    ...(results.incidents.length > INCIDENTS
      ? [`- ${results.incidents.length - INCIDENTS} more in the report`]
      : []),
    '',
    `<sub>${md(method(results))}</sub>`,
    '',
  ].join('\n');
}

/**
 * Text in Markdown that means nothing but itself, also to GitHub: no markup, no HTML, no mention, no
 * link. What a backslash doesn't stop, since it is looked for after Markdown was read, a word joiner does.
 */
function md(text: string): string {
  return oneLine(text)
    .replace(/[\\`*_{}[\]()#+!|~$-]/g, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/@|#|\bwww|\bgh(?=\\-\d)/gi, '$&\u2060')
    .replace(/:\/\//g, ':\u2060//');
}
