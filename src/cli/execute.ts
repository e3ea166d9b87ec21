import { dirname, join, resolve } from 'node:path';
import { resultsOf, settled } from '../compare/compare.ts';
import { gateExitCode, gateOf } from '../compare/gate.ts';
import type { Results } from '../compare/results.ts';
import type { Experiment } from '../experiment/schema.ts';
import { runSession } from '../measure/session.ts';
import type { Plan } from '../plan/plan.ts';
import type { EventBody } from '../record/event.ts';
import type { Journal } from '../record/journal.ts';
import { fold } from '../record/fold.ts';
import type { RunRecord } from '../record/run-record.ts';
import { isolationMatrix } from '../report/isolation.ts';
import { writeReport } from '../report/write.ts';
import { completeness, lineOf, overheadLines, sentences } from '../report/wording.ts';
import { addressOf } from './address.ts';
import { gateText } from './compare.ts';
import { worse } from './exit-code.ts';
import { earlierDurations } from './history.ts';
import { type Interrupt, interruptibleRun } from './interrupt.ts';
import { columns, oneLine, print, printJson, tell } from './output.ts';
import { watch } from './watch.ts';

export interface Execution {
  directory: string;
  experiment: Experiment;
  plan: Plan;
  /** What earlier sessions left in the journal. */
  record: RunRecord;
  journal: Journal;
  /** Directory of the experiment file as it was given. */
  base: string;
  token: string;
  /** The event that opens the session. */
  opening: EventBody;
  retry: boolean;
  json: boolean;
  /** An earlier run that this one is held against. */
  gate?: { base: Results; margin: number | undefined } | undefined;
  /** Whose signals end it, where the caller still has something to do after it. */
  interrupt?: Interrupt | undefined;
}

/** What must survive the death of the machine, and not of this process alone. */
const SYNCED: ReadonlySet<string> = new Set<EventBody['type']>([
  'trial-ended',
  'trial-voided',
  'undo-planned',
]);

/** Runs a session to its end, writes the report, says what came out, and returns the exit code. */
export async function execute(execution: Execution): Promise<number> {
  const { directory, experiment, plan, record, journal, base, token, opening, retry, json } = execution;
  const { durations } = earlierDurations(experiment.name);
  const shown = watch({ experiment, plan, record, json, earlier: durations });
  journal.listen((event) => {
    fold(record, event);
    shown.see(event);
  });
  journal.append(opening);
  const interrupt = execution.interrupt ?? interruptibleRun();
  let reason: string;
  try {
    reason = await runSession({
      experiment,
      plan,
      record,
      token,
      retry,
      emit: (body) => {
        journal.append(body);
        if (SYNCED.has(body.type)) journal.sync();
      },
      interrupt: interrupt.signal,
      settled: () => {
        const found = settled(experiment, plan, record);
        shown.spare((trial) => found.reason !== null || found.skip(trial));
        return found;
      },
      addressOf: (target) => addressOf(target, base),
    });
  } finally {
    if (execution.interrupt === undefined) interrupt.done();
    shown.close();
    journal.close();
  }
  const results = resultsOf(experiment, plan, record);
  const gate =
    execution.gate === undefined || reason === 'interrupted'
      ? undefined
      : gateOf(execution.gate.base, results, execution.gate.margin);
  writeReport(directory, results, { gate });
  if (json) printJson(gate === undefined ? results : { ...results, gate });
  else print(closingText(results, directory));
  if (gate !== undefined && !json) print(`\n${gateText(gate)}`);
  if (reason === 'interrupted') {
    tell(`interrupted; every sample so far is kept. Go on with: vgpubench resume ${directory}`);
    return 130;
  }
  return gate === undefined ? exitCodeOf(results) : worse(exitCodeOf(results), gateExitCode(gate));
}

/** 4 where a trial gave no figure, 1 where a probe got through; a run that stopped at its budget or precision is whole. */
export function exitCodeOf({ trials, isolation }: Results): number {
  const whole = trials.failed + trials['timed-out'] + trials.void === 0;
  return worse(whole ? 0 : 4, isolation.some(({ breach }) => breach) ? 1 : 0);
}

export function closingText(results: Results, directory: string): string {
  const head = ['mode', 'workload', 'metric', `% of ${results.baseline}`, 'interval', 'verdict', 'attested'];
  const rows = results.comparisons.map((one) => {
    const line = lineOf(one);
    return [line.mode, line.workload, line.metric, line.relative, line.interval, line.verdict, line.attested];
  });
  const probes = isolationMatrix(results);
  return [
    ...(rows.length === 0 ? [] : [columns([head, ...rows], [3]), '']),
    ...(probes.rows.length === 0 ? [] : [columns([probes.head, ...probes.rows]), '']),
    ...sentences(results),
    ...overheadLines(results),
    ...doubtLines(results),
    `${completeness(results)}; ${results.incidents.length} incident${results.incidents.length === 1 ? '' : 's'}`,
    `report: ${join(directory, 'index.html')}`,
  ].join('\n');
}

const DOUBTS = 8;

function doubtLines({ warnings }: Results): string[] {
  const more = warnings.length - DOUBTS;
  return [
    ...warnings.slice(0, DOUBTS).map(({ text }) => `doubt: ${oneLine(text, 400)}`),
    ...(more > 0 ? [`and ${more} more doubts, in the report`] : []),
  ];
}

export function baseOf(file: string): string {
  return dirname(resolve(file));
}
