import type { Results } from '../compare/results.ts';
import { escapeHtml } from './html-text.ts';
import { lineOf } from './wording.ts';

/**
 * JUnit XML for CI: a test case a comparison, which fails where the mode is slower beyond the margin and is
 * skipped where the interval does not settle it; and an error for every trial without a figure.
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
  const failures = results.comparisons.filter(({ verdict }) => verdict === 'slower').length;
  const skipped = results.comparisons.filter(({ verdict }) => verdict === 'inconclusive').length;
  const cases = [...comparisons, ...errors];
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
<testsuite name="${escapeHtml(results.name)}" tests="${cases.length}" failures="${failures}" errors="${errors.length}" skipped="${skipped}">
${cases.join('\n')}
</testsuite>
</testsuites>
`;
}

function testcase(classname: string, name: string, inner: string): string {
  return `<testcase classname="${escapeHtml(classname)}" name="${escapeHtml(name)}">${inner}</testcase>`;
}
