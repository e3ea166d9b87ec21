import type { Results } from '../../compare/results.ts';
import type { Outcome } from '../../run/session.ts';
import { incidentWords } from '../../words/incident.ts';
import { quote } from '../../words/quote.ts';
import { toldOnce } from '../../words/told-once.ts';
import { type Showing, showResults } from './closing-text.ts';
import { mention, oneLine, tell } from './output.ts';

/** What was seen of each mode that was tried, and the next step. */
export function showTried(
  outcome: Outcome,
  showing: Showing,
  { file, transcript }: { file: string; transcript: string | undefined },
): void {
  if (showing.json) {
    showResults(outcome, showing);
    return;
  }
  const { results, directory, exitCode } = outcome;
  const modes = Object.keys(results.specification.modes);
  mention([...modes.flatMap((mode) => modeLines(mode, results)), ...incidentLines(results)].join('\n'));
  for (const { message, found } of outcome.unmade) tell(`error: ${oneLine(`${message}: ${found ?? ''}`)}`);
  mention(`everything found: ${directory}`);
  if (transcript !== undefined) mention(`a copy without names: ${transcript}; check it before you share it`);
  const next = exitCode === 0 ? 'run' : 'doctor';
  mention(`next: vgpubench ${next} ${quote(file)}`);
}

function modeLines(mode: string, results: Results): string[] {
  const attested = results.attestations.filter((one) => one.mode === mode);
  const findings = attested.find(({ when }) => when === 'before')?.findings ?? [];
  const against = attested.flatMap((one) => one.findings.filter(({ ok }) => !ok));
  const state =
    attested.length === 0
      ? 'could not be entered'
      : against.length > 0
        ? 'was entered, but could not be attested'
        : findings.length === 0
          ? 'was entered; it provides no evidence'
          : 'was entered, attested and left';
  const figures = results.cells
    .filter((cell) => cell.mode === mode)
    .flatMap(({ workload, metric, unit, trials }) =>
      trials.map(
        ({ values }) =>
          `  ${workload} ${metric}: ${values.map((one) => one.toPrecision(4)).join(', ')} ${unit}`,
      ),
    );
  const counted = results.counters
    .filter((one) => one.mode === mode)
    .map(({ target, counters }) => {
      const words = Object.entries(counters).map(([kind, count]) => `${kind} ${count}`);
      return `  counted on ${target}: ${words.join(', ')}`;
    });
  const failed = results.unsuccessful
    .filter((one) => one.mode === mode)
    .map(({ workload, outcome }) => {
      const why = 'reason' in outcome ? outcome.reason : '';
      return `  ${oneLine(`✗ ${workload} ${outcome.kind}: ${why}`, 400)}`;
    });
  return [
    `${mode} ${state}`,
    ...[...findings, ...against.filter((one) => !findings.includes(one))].map(
      ({ ok, target, claim, evidence }) =>
        `  ${oneLine(`${ok ? '✓' : '✗'} ${target}: ${claim}: ${evidence}`, 200)}`,
    ),
    ...figures,
    ...counted,
    ...failed,
    '',
  ];
}

function incidentLines(results: Results): string[] {
  return toldOnce(results.incidents).map((one) =>
    oneLine(`incident: ${incidentWords(one)}${one.times > 1 ? ` (${one.times} times)` : ''}`, 300),
  );
}
