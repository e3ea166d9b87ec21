import { join } from 'node:path';
import { baselineWord, hasSeveralBaselines } from '../../compare/baselines.ts';
import type { Results } from '../../compare/results.ts';
import { isolationMatrix } from '../../report/isolation.ts';
import { completeness, lineOf, overheadLines, sentences } from '../../report/wording.ts';
import type { Report } from '../../run/report.ts';
import { incidentCount } from '../../words/incident.ts';
import { printable } from '../../words/printable.ts';
import { gateText } from './gate-text.ts';
import { columns, mention, mentionJson, oneLine, tell } from './output.ts';

/** Says what came out of a run and, on stderr, which files of its report could not be made. */
export function showResults(
  { results, gate, directory, unmade }: Pick<Report, 'results' | 'gate' | 'directory' | 'unmade'>,
  json: boolean,
): void {
  if (json) mentionJson(gate === undefined ? results : { ...results, gate });
  else
    mention(
      [closingText(results, directory, unmade), ...(gate === undefined ? [] : ['', gateText(gate)])].join(
        '\n',
      ),
    );
  for (const one of unmade) tell(`error: ${printable(`${one.message}: ${one.found ?? ''}`)} [${one.code}]`);
  const [{ next = '' } = {}] = unmade;
  if (unmade.length > 0) tell(`  next: ${next}`);
}

function closingText(results: Results, directory: string, unmade: Report['unmade']): string {
  const page = join(directory, 'index.html');
  const missing = unmade.some(({ path }) => path === page || path === directory);
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
    ...(missing ? [] : [`report: ${page}`]),
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
