import type { Gate } from '../gate/gate.ts';
import type { GateCell } from '../gate/cell.ts';
import type { Comparison, Results } from '../compare/results.ts';
import { gateOutcome, gateRow } from './gate-text.ts';
import { escapeHtml } from './html-text.ts';
import { verdictWords } from './isolation.ts';
import { labLine, lineOf } from './wording.ts';

/** One `<testcase>`, and how it counts in its suite. */
interface Case {
  xml: string;
  kind: 'passed' | 'failure' | 'skipped' | 'error';
  /** If known. */
  seconds: number | undefined;
}

/**
 * JUnit XML for CI. There is a test case per comparison, `mode/workload/metric`, which states its figure and
 * never fails: a mode slower than its baseline is a finding, not a defect. There is one per mode and probe,
 * which fails if the probe succeeded, and an error for every trial without a figure. With a gate, its suite
 * is added, and fails for cells that became slower.
 */
export function junitXml(results: Results, gate?: Gate): string {
  const cases = [
    ...results.comparisons.map((one) => comparisonCase(one, results)),
    ...results.isolation.map(probeCase),
    ...results.unsuccessful.map(({ trial, mode, workload, outcome }) => {
      const reason = 'reason' in outcome ? outcome.reason : '';
      const names = { suite: mode, name: `${mode}/${workload}/trial ${trial}` };
      return testcase(names, { kind: 'error', text: reason, type: outcome.kind });
    }),
  ];
  const suites = [
    suite(results.name, cases, { started: results.started, properties: properties(results) }),
    ...(gate === undefined ? [] : [gateSuite(gate)]),
  ];
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
${suites.join('\n')}
</testsuites>
`;
}

function comparisonCase(one: Comparison, results: Results): Case {
  const { mode, workload, metric, baseline, verdict } = one;
  const { relative, interval } = lineOf(one);
  return testcase(
    { suite: mode, name: `${mode}/${workload}/${metric}`, seconds: secondsOf(one, results) },
    { kind: 'passed', text: `${verdict}: ${relative} of ${baseline}, interval ${interval}` },
  );
}

/** The total time of its trials, by the samples' own times if the metric is a time. */
function secondsOf({ mode, workload, metric, unit }: Comparison, { cells }: Results): number | undefined {
  const scale = SECONDS[unit];
  const cell = cells.find((one) => one.mode === mode && one.workload === workload && one.metric === metric);
  if (scale === undefined || cell === undefined) return undefined;
  return cell.trials.flatMap(({ values }) => values).reduce((sum, value) => sum + value * scale, 0);
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, ms: 1e-3, µs: 1e-6, us: 1e-6, ns: 1e-9 };

function probeCase(one: Results['isolation'][number]): Case {
  const kind = one.breach ? 'failure' : one.verdict === 'none' ? 'skipped' : 'passed';
  const text = `${verdictWords(one)}: ${one.evidence}`;
  return testcase({ suite: one.mode, name: `${one.mode}/${one.probe}/isolation` }, { kind, text });
}

/** A note on what figures of the embedded lab mean. */
function properties(results: Results): string {
  const lines = labLine(results).map((text) => `<property name="lab" value="${escapeHtml(text)}"/>`);
  return lines.length === 0 ? '' : `<properties>\n${lines.join('\n')}\n</properties>\n`;
}

/** The outcome first, then every cell that counts towards it. */
function gateSuite(gate: Gate): string {
  const kinds = {
    passed: 'passed',
    slower: 'failure',
    inconclusive: 'skipped',
    incomplete: 'error',
  } as const;
  const outcome = testcase(
    { suite: 'gate', name: 'outcome' },
    { kind: kinds[gate.outcome], text: gateOutcome(gate), type: gate.outcome },
  );
  const counted = gate.cells.filter(({ gates }) => gates);
  return suite(
    `gate: ${gate.head.name} against BASE of ${gate.base.started ?? 'unknown time'}`,
    [outcome, ...counted.map((cell) => gateCase(cell, gate))],
    { started: gate.head.started },
  );
}

function gateCase(cell: GateCell, gate: Gate): Case {
  const [mode = '', workload = '', , base, head, change, interval] = gateRow(cell, gate);
  const text = `${change} of BASE, interval ${interval}; BASE ${base}, HEAD ${head}${cell.reason === null ? '' : `; ${cell.reason}`}`;
  const names = { suite: `gate.${mode}`, name: `${mode}/${workload}/${cell.metric}` };
  return testcase(names, { kind: JUDGED[cell.verdict], text: `${cell.verdict}: ${text}` });
}

const JUDGED = { slower: 'failure', inconclusive: 'skipped', same: 'passed', faster: 'passed' } as const;

function suite(
  name: string,
  cases: readonly Case[],
  { started, properties = '' }: { started: string | null; properties?: string },
): string {
  const count = (kind: Case['kind']) => cases.filter((one) => one.kind === kind).length;
  // JUnit readers expect ISO 8601 without a time zone.
  const timestamp = started === null ? '' : ` timestamp="${escapeHtml(started.slice(0, 19))}"`;
  const time = cases.reduce((sum, { seconds }) => sum + (seconds ?? 0), 0);
  return `<testsuite name="${escapeHtml(name)}" tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}" time="${time.toFixed(3)}"${timestamp}>
${properties}${cases.map(({ xml }) => xml).join('\n')}
</testsuite>`;
}

function testcase(
  { suite, name, seconds }: { suite: string; name: string; seconds?: number | undefined },
  { kind, text, type }: { kind: Case['kind']; text: string; type?: string },
): Case {
  const time = seconds === undefined ? '' : ` time="${seconds.toFixed(3)}"`;
  const head = `<testcase classname="${escapeHtml(suite)}" name="${escapeHtml(name)}"${time}>`;
  const inner =
    kind === 'passed'
      ? `<system-out>${escapeHtml(text)}</system-out>`
      : `<${kind}${kind === 'error' && type !== undefined ? ` type="${escapeHtml(type)}"` : ''} message="${escapeHtml(text)}"/>`;
  return { kind, seconds, xml: `${head}${inner}</testcase>` };
}
