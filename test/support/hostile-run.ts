import { resultsOf } from '../../src/compare/compare.ts';
import type { Results } from '../../src/compare/results.ts';
import { recordOf } from '../../src/record/fold.ts';
import { runOf } from './events.ts';

const ESC = String.fromCharCode(27);
const BIDI = String.fromCharCode(0x202e);
const NOT_XML = String.fromCharCode(0xffff);

/** Texts that a guest may print to harm whoever reads the report. */
export const HOSTILE = [
  `${ESC}[2J${ESC}]0;title${String.fromCharCode(7)}`,
  '<script>alert(1)</script>',
  '</script><img src=x onerror=alert(1)>',
  `"><svg/onload=alert(1)> ' onmouseover='x`,
  `${BIDI}gnp.exe`,
  '| a | b |\n| - | - |\n# head\n- [x](javascript:x)\n![y](http://evil.example/z)',
  '@everyone #1 GH-2 www.evil.example https://evil.example `code` **bold** $x$ ~~no~~ &lt;',
  '\\input{/etc/passwd} % $x$ & # _ ^ ~ { }',
  '=HYPERLINK("http://evil.example")',
  '+1',
  '-1+1|cmd',
  '@SUM(A1)',
  'a,"b"\r\nc',
  Array.from({ length: 32 }, (_, at) => String.fromCharCode(0x80 + at)).join('x'),
  '\u061c\u200e\u2066a\u2069\ufeff\u202a\ud800',
  `]]> <!-- --> & ${NOT_XML} ${String.fromCharCode(0)} ${String.fromCharCode(0x85)}`,
];

/** Results in which every text that a guest, or a user, can choose is `text`. */
export function hostileResults(text: string): Results {
  const { experiment, plan, events } = runOf([[8, 9], [8]], [[4], [4]]);
  const results = resultsOf(experiment, plan, recordOf(events));
  const outcome = { kind: 'failed', reason: text, transport: false } as const;
  return {
    ...results,
    comparisons: results.comparisons.map((one) => ({
      ...one,
      metric: text,
      unit: text,
      note: text,
      // Two blocks can't show it.
      verdict: 'slower' as const,
    })),
    cells: results.cells.map((cell) => ({ ...cell, metric: text, unit: text, phases: { [text]: 5e6 } })),
    unsuccessful: [{ trial: 'b1.slow.mmul', block: 1, mode: 'slow', workload: 'mmul', outcome }],
    incidents: [{ wall: '2026-01-02T03:04:05.000Z', kind: 'failure', target: text, trial: text, text }],
    attestations: [
      {
        block: 1,
        mode: 'slow',
        when: 'before',
        ok: true,
        findings: [{ target: 'bare', claim: text, ok: true, evidence: text }],
      },
    ],
    environment: [
      {
        target: 'bare',
        shell: text,
        clock: { source: text, tickNs: 1, monotonic: true },
        fingerprint: { [text]: text },
      },
    ],
    origin: {
      commit: text,
      branch: text,
      ci: { system: text, job: text, url: text },
      labels: { [text]: text },
    },
    versions: { [text]: text },
  };
}
