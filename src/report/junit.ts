import type { Gate } from '../gate/gate.ts';
import type { GateCell } from '../gate/cell.ts';
import type { Comparison, Results } from '../compare/results.ts';
import { gateOutcome, gateRow } from './gate-text.ts';
import { escapeHtml } from './html-text.ts';
import { verdictWords } from './isolation.ts';
import { labLine, lineOf } from './wording.ts';

/** One `<testcase>`, and what it counts as in its suite. */
interface Case {
  xml: string;
  kind: 'passed' | 'failure' | 'skipped' | 'error';
}

/**
 * JUnit XML for CI: a test case a comparison, which fails where the mode is slower beyond the margin and is
 * skipped where the interval does not settle it; one a mode and probe, which fails where the probe got through;
 * and an error for every trial without a figure. With a gate, its suite stands beside it, and of the two it is the
 * gate's that fails for what is slower: that a mode is slower than the baseline is then no news.
 */
export function junitXml(results: Results, gate?: Gate): string {
  const fails = gate === undefined;
  const cases = [
    ...results.comparisons.map((one) => comparisonCase(one, fails)),
    ...results.isolation.map(probeCase),
    ...results.unsuccessful.map(({ trial, mode, workload, outcome }) => {
      const reason = 'reason' in outcome ? outcome.reason : '';
      return testcase(`${mode}.${workload}`, `trial ${trial}`, 'error', reason, outcome.kind);
    }),
  ];
  const suites = [
    suite(results.name, cases, properties(results)),
    ...(gate === undefined ? [] : [gateSuite(gate)]),
  ];
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
${suites.join('\n')}
</testsuites>
`;
}

function comparisonCase(one: Comparison, fails: boolean): Case {
  const { relative, interval } = lineOf(one);
  const text = `${relative} of ${one.baseline}, interval ${interval}`;
  return testcase(
    `${one.mode}.${one.workload}`,
    one.metric,
    ...(fails ? judged(one.verdict, text) : (['passed', `${one.verdict}: ${text}`] as const)),
  );
}

function probeCase(one: Results['isolation'][number]): Case {
  const kind = one.breach ? 'failure' : one.verdict === 'none' ? 'skipped' : 'passed';
  return testcase(`${one.mode}.${one.probe}`, 'isolation', kind, `${verdictWords(one)}: ${one.evidence}`);
}

/** What figures of the embedded lab are, and are not. */
function properties(results: Results): string {
  const lines = labLine(results).map((text) => `<property name="lab" value="${escapeHtml(text)}"/>`);
  return lines.length === 0 ? '' : `<properties>\n${lines.join('\n')}\n</properties>\n`;
}

/** The outcome first, then every cell that counts in it. */
function gateSuite(gate: Gate): string {
  const kinds = {
    passed: 'passed',
    slower: 'failure',
    inconclusive: 'skipped',
    incomplete: 'error',
  } as const;
  const outcome = testcase('gate', 'outcome', kinds[gate.outcome], gateOutcome(gate), gate.outcome);
  const counted = gate.cells.filter(({ gates }) => gates);
  return suite(`gate: ${gate.head.name} against BASE of ${gate.base.started ?? 'unknown time'}`, [
    outcome,
    ...counted.map((cell) => gateCase(cell, gate)),
  ]);
}

function gateCase(cell: GateCell, gate: Gate): Case {
  const [mode = '', workload = '', , base, head, change, interval] = gateRow(cell, gate);
  const text = `${change} of BASE, interval ${interval}; BASE ${base}, HEAD ${head}${cell.reason === null ? '' : `; ${cell.reason}`}`;
  return testcase(`gate.${mode}.${workload}`, cell.metric, ...judged(cell.verdict, text));
}

function judged(verdict: Comparison['verdict'], text: string): readonly [Case['kind'], string] {
  if (verdict === 'slower') return ['failure', `slower: ${text}`];
  return verdict === 'inconclusive' ? ['skipped', `inconclusive: ${text}`] : ['passed', text];
}

function suite(name: string, cases: readonly Case[], properties = ''): string {
  const count = (kind: Case['kind']) => cases.filter((one) => one.kind === kind).length;
  return `<testsuite name="${escapeHtml(name)}" tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}">
${properties}${cases.map(({ xml }) => xml).join('\n')}
</testsuite>`;
}

function testcase(classname: string, name: string, kind: Case['kind'], text: string, type?: string): Case {
  const head = `<testcase classname="${escapeHtml(classname)}" name="${escapeHtml(name)}">`;
  const inner =
    kind === 'passed'
      ? `<system-out>${escapeHtml(text)}</system-out>`
      : `<${kind}${kind === 'error' && type !== undefined ? ` type="${escapeHtml(type)}"` : ''} message="${escapeHtml(text)}"/>`;
  return { kind, xml: `${head}${inner}</testcase>` };
}
