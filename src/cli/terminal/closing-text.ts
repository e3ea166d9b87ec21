import { join } from 'node:path';
import { baselineWord, hasSeveralBaselines } from '../../compare/baselines.ts';
import type { Results } from '../../compare/results.ts';
import type { Gate } from '../../gate/gate.ts';
import { isolationMatrix } from '../../report/isolation.ts';
import { completeness, lineOf, overheadLines, sentences } from '../../report/wording.ts';
import { incidentCount } from '../../words/incident.ts';
import { gateText } from './gate-text.ts';
import { columns, oneLine, print, printJson } from './output.ts';

/** Says what came out of a run. */
export function showResults(
  { results, gate, directory }: { results: Results; gate: Gate | undefined; directory: string },
  json: boolean,
): void {
  if (json) printJson(gate === undefined ? results : { ...results, gate });
  else
    print([closingText(results, directory), ...(gate === undefined ? [] : ['', gateText(gate)])].join('\n'));
}

function closingText(results: Results, directory: string): string {
  const several = hasSeveralBaselines(results);
  const of = several ? ['of'] : [];
  const share = `% of ${baselineWord(results)}`;
  const head = ['mode', 'workload', 'metric', share, ...of, 'interval', 'verdict', 'attested'];
  const rows = results.comparisons.map((one) => {
    const line = lineOf(one);
    const own = several ? [one.baseline] : [];
    return [
      ...[line.mode, line.workload, line.metric, line.relative, ...own],
      ...[line.interval, line.verdict, line.attested],
    ];
  });
  const probes = isolationMatrix(results);
  return [
    ...(rows.length === 0 ? [] : [columns([head, ...rows], [3]), '']),
    ...(probes.rows.length === 0 ? [] : [columns([probes.head, ...probes.rows]), '']),
    ...sentences(results),
    ...overheadLines(results),
    ...warningLines(results),
    `${completeness(results)}; ${incidentCount(results.incidents.length)}`,
    `report: ${join(directory, 'index.html')}`,
  ].join('\n');
}

const MOST_WARNINGS = 8;

function warningLines({ warnings }: Results): string[] {
  const more = warnings.length - MOST_WARNINGS;
  return [
    ...warnings.slice(0, MOST_WARNINGS).map(({ text }) => `warning: ${oneLine(text, 400)}`),
    ...(more > 0 ? [`and ${more} more warnings, in the report`] : []),
  ];
}
