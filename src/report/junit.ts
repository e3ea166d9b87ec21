import type { Results } from '../compare/results.ts';
import { escapeHtml } from './html-text.ts';
import { verdictWords } from './isolation.ts';
import { labLine, lineOf } from './wording.ts';

/**
 * JUnit XML for CI: a test case a comparison, which fails where the mode is slower beyond the margin and is
 * skipped where the interval does not settle it; one a mode and probe, which fails where the probe got through;
 * and an error for every trial without a figure.
 */
export function junitXml(results: Results): string {
  const comparisons = results.comparisons.map((one) => {
    const { relative, interval } = lineOf(one);
    const text = `${relative} of ${one.baseline}, interval ${interval}`;
    const inner =
      one.verdict === 'slower'
        ? `<failure message="${escapeHtml(`slower: ${text}`)}"/>`
        : one.verdict === 'inconclusive'
          ? `<skipped message="${escapeHtml(`inconclusive: ${text}`)}"/>`
          : `<system-out>${escapeHtml(text)}</system-out>`;
    return testcase(`${one.mode}.${one.workload}`, one.metric, inner);
  });
  const errors = results.unsuccessful.map(({ trial, mode, workload, outcome }) =>
    testcase(
      `${mode}.${workload}`,
      `trial ${trial}`,
      `<error type="${escapeHtml(outcome.kind)}" message="${escapeHtml('reason' in outcome ? outcome.reason : '')}"/>`,
    ),
  );
  const probes = results.isolation.map((one) => {
    const text = escapeHtml(`${verdictWords(one)}: ${one.evidence}`);
    const inner = one.breach
      ? `<failure message="${text}"/>`
      : one.verdict === 'none'
        ? `<skipped message="${text}"/>`
        : `<system-out>${text}</system-out>`;
    return testcase(`${one.mode}.${one.probe}`, 'isolation', inner);
  });
  const failures = results.comparisons.filter(({ verdict }) => verdict === 'slower').length;
  const breaches = results.isolation.filter(({ breach }) => breach).length;
  const unsettled = results.comparisons.filter(({ verdict }) => verdict === 'inconclusive').length;
  const skipped = unsettled + results.isolation.filter(({ verdict }) => verdict === 'none').length;
  const cases = [...comparisons, ...probes, ...errors];
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
<testsuite name="${escapeHtml(results.name)}" tests="${cases.length}" failures="${failures + breaches}" errors="${errors.length}" skipped="${skipped}">
${properties(results)}${cases.join('\n')}
</testsuite>
</testsuites>
`;
}

/** What figures of the embedded lab are, and are not. */
function properties(results: Results): string {
  const lines = labLine(results).map((text) => `<property name="lab" value="${escapeHtml(text)}"/>`);
  return lines.length === 0 ? '' : `<properties>\n${lines.join('\n')}\n</properties>\n`;
}

function testcase(classname: string, name: string, inner: string): string {
  return `<testcase classname="${escapeHtml(classname)}" name="${escapeHtml(name)}">${inner}</testcase>`;
}
