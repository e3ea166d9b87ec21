import { join } from 'node:path';
import { baselineIn, baselineWord, hasSeveralBaselines } from '../../compare/baselines.ts';
import type { Results } from '../../compare/results.ts';
import { pairAnswers } from '../../report/answer.ts';
import { isolationLines, isolationMatrix } from '../../report/isolation.ts';
import { countedHeadlines, emulationLines } from '../../report/modelled.ts';
import { optionPairLines } from '../../report/option-pairs.ts';
import { completeness, labLine, lineOf, overheadLines, selfLine } from '../../report/wording.ts';
import type { Report } from '../../run/report.ts';
import { incidentCount } from '../../words/incident.ts';
import { printable } from '../../words/printable.ts';
import { answerLines } from './answer-text.ts';
import { gateText } from './gate-text.ts';
import {
  type Colours,
  coloursFor,
  columns,
  mention,
  mentionJson,
  oneLine,
  tell,
  widthOfOutput,
} from './output.ts';

/** How the outcome is shown. */
export interface Showing {
  json: boolean;
  /** The tables of every comparison, too. */
  table?: boolean | undefined;
}

/** Prints the outcome of a run and, on stderr, the report files that could not be made. */
export function showResults(
  { results, gate, directory, unmade }: Pick<Report, 'results' | 'gate' | 'directory' | 'unmade'>,
  { json, table = false }: Showing,
): void {
  const colours = coloursFor(process.stdout);
  if (json) mentionJson(gate === undefined ? results : { ...results, gate });
  else {
    const judged = gate === undefined ? [] : ['', gateText(gate, colours, table)];
    mention(
      [
        ...(table ? tables(results) : []),
        ...closingLines(results, colours),
        ...reportLine(directory, unmade),
        ...judged,
      ].join('\n'),
    );
  }
  for (const one of unmade) tell(`error: ${printable(`${one.message}: ${one.found ?? ''}`)} [${one.code}]`);
  const [{ next = '' } = {}] = unmade;
  if (unmade.length > 0) tell(`  next: ${next}`);
}

/** The answer, its strength, and whether it is complete. */
function closingLines(results: Results, colours: Colours): string[] {
  const isLab = results.versions['lab'] !== undefined;
  const answer = answerLines(results, widthOfOutput(), colours);
  return [
    ...(isLab ? [...labLine(results), ...countedHeadlines(results), ...emulationLines(results), ''] : []),
    ...answer,
    ...(answer.length === 0 ? [] : ['']),
    ...pairAnswers({
      pairs: results.pairs.filter(({ from, to }) => baselineIn(to.mode, results) !== from.mode),
    }),
    ...isolationLines(results),
    ...selfLine(results),
    ...warningLines(results).map((line) => colours.yellow(line)),
    `${completeness(results)}; ${incidentCount(results.incidents.length)}`,
  ];
}

function reportLine(directory: string, unmade: Report['unmade']): string[] {
  const page = join(directory, 'index.html');
  return unmade.some(({ path }) => path === page || path === directory) ? [] : [`report: ${page}`];
}

/** Every comparison and every probe, a row each, and the cost of crossings. */
function tables(results: Results): string[] {
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
  const pairs = optionPairLines(results);
  const overheads = overheadLines(results);
  return [
    ...(rows.length === 0 ? [] : [columns([head, ...rows], [3]), '']),
    ...(probes.rows.length === 0 ? [] : [columns([probes.head, ...probes.rows]), '']),
    ...(pairs.length === 0 ? [] : [...pairs, '']),
    ...(overheads.length === 0 ? [] : [...overheads, '']),
  ];
}

const MOST_WARNINGS = 3;

function warningLines({ warnings }: Results): string[] {
  const more = warnings.length - MOST_WARNINGS;
  return [
    ...warnings.slice(0, MOST_WARNINGS).map(({ text }) => `warning: ${oneLine(text, 400)}`),
    ...(more > 0 ? [`and ${more} more warnings, in the report`] : []),
  ];
}
