/** What GitHub and GitLab show of a gate. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { z } from 'zod';
import { githubAnnotations } from '../../src/export/github-annotations.ts';
import { gitlabFiles, roundedTo } from '../../src/export/gitlab.ts';
import { type Gate, gateOf } from '../../src/gate/gate.ts';
import { gateSummary } from '../../src/report/markdown.ts';
import { simulatedRun } from '../compare/simulated-run.ts';
import { HOSTILE } from '../support/hostile-run.ts';
import { readOpenMetrics } from '../support/openmetrics.ts';

const base = simulatedRun({ seed: 1 }).results;
const headOf = (slow: number, sd = 0.01) =>
  simulatedRun({
    seed: 2,
    value: ({ mode }, _, noise) => 100 * (mode === 'slow' ? 1.1 * slow : 1) * Math.exp(sd * noise),
  }).results;
const slower = gateOf(base, headOf(1.1));

/** The gate with so many cells like its slower one, whose metrics have these names. */
function withMetrics(gate: Gate, metrics: readonly string[]): Gate {
  const cell = gate.cells.find(({ verdict }) => verdict === 'slower');
  assert.ok(cell);
  return { ...gate, cells: metrics.map((metric) => ({ ...cell, metric })) };
}

describe('GitHub’s annotations', () => {
  it('are an error for what is slower, a warning for what is not settled, and a notice where all is well', () => {
    const lines = githubAnnotations(slower);
    assert.equal(lines[0], '::error title=gate::failed: a cell is slower than the margin allows');
    assert.match(
      lines[1] ?? '',
      /^::error title=slower%3A slow%2C work%3A time::9\d\.\d%25 of BASE, interval /,
    );
    assert.match(githubAnnotations(gateOf(base, headOf(1))).join('\n'), /^::notice title=gate::passed: /m);
    const open = githubAnnotations(gateOf(base, headOf(1.05, 0.2)));
    assert.match(open.join('\n'), /^::warning title=gate::inconclusive: /m);
    assert.match(open.join('\n'), /^::warning title=inconclusive%3A slow/m);
  });

  it('are at most ten of a kind, of which the last says how many more there are', () => {
    const lines = githubAnnotations(
      withMetrics(
        slower,
        Array.from({ length: 30 }, (_, at) => `m${at}`),
      ),
    );
    const errors = lines.filter((line) => line.startsWith('::error '));
    assert.equal(errors.length, 10);
    assert.equal(errors.at(-1), '::error title=gate::and 22 more, in the report');
  });

  it('are a line each and one command each, whatever a guest printed', () => {
    for (const text of [
      ...HOSTILE,
      '::error::x',
      'a\n::error::x',
      'a%0A::set-output name=x::y',
      'a,file=/etc',
    ]) {
      const gate = withMetrics({ ...slower, warnings: [{ code: 'x', text }] }, [text]);
      for (const line of githubAnnotations(gate)) {
        assert.match(line, /^::(error|warning|notice) title=[^:,\r\n]*::[^\r\n]*$/);
        assert.doesNotMatch(line, /%(?!25|0D|0A|3A|2C)/);
      }
    }
  });
});

describe('GitLab’s reports', () => {
  /** By GitLab’s documentation of the code-quality report’s format. */
  const issues = z.array(
    z.strictObject({
      description: z.string().min(1),
      check_name: z.string().min(1),
      fingerprint: z.string().regex(/^[0-9a-f]+$/),
      severity: z.enum(['info', 'minor', 'major', 'critical', 'blocker']),
      location: z.strictObject({
        path: z.string().regex(/^(?!\.?\/)/),
        lines: z.strictObject({ begin: z.int().min(1) }),
      }),
    }),
  );
  const filesOf = (gate: Gate) => {
    const files = new Map(gitlabFiles(gate, 'bench/gpu.yaml').map(({ name, text }) => [name, text]));
    return {
      metrics: files.get('metrics.txt') ?? '',
      quality: issues.parse(JSON.parse(files.get('gl-code-quality-report.json') ?? '')),
    };
  };

  it('have an issue for each slower cell at the experiment file, and none where all is well', () => {
    const { quality } = filesOf(slower);
    assert.deepEqual(
      quality.map(({ check_name, severity, location }) => [check_name, severity, location.path]),
      [['perf-regression', 'major', 'bench/gpu.yaml']],
    );
    assert.match(
      quality[0]?.description ?? '',
      /^slow, work: time has 9\d\.\d% of its performance in BASE \(/,
    );
    assert.deepEqual(filesOf(gateOf(base, headOf(1))).quality, []);
  });

  it('have fingerprints that stay a cell’s from run to run, and are no other’s', () => {
    const names = ['a', 'b', 'c'];
    const [once, again] = [slower, gateOf(base, headOf(1.2))].map((gate) =>
      filesOf(withMetrics(gate, names)).quality.map(({ fingerprint }) => fingerprint),
    );
    assert.deepEqual(once, again);
    assert.equal(new Set(once).size, 3);
  });

  it('have figures that are rounded to their noise, as Prometheus’ own reader reads them', () => {
    const hostile = HOSTILE.map((text) => filesOf(withMetrics(slower, [text])).metrics);
    const [families, ...others] = readOpenMetrics([filesOf(slower).metrics, ...hostile]);
    const share = families?.find(({ name }) => name === 'vgpubench_relative_performance_ratio')?.samples[0];
    assert.ok(share && /^0\.8\d?\d?$/.test(String(share.value)), String(share?.value));
    for (const one of others) assert.equal(one.flatMap(({ samples }) => samples).length, 2);
  });

  it('round to the place of the noise’s first digit', () => {
    assert.equal(roundedTo(0.8276, 0.013), '0.83');
    assert.equal(roundedTo(0.8276, 0.0013), '0.828');
    assert.equal(roundedTo(7123.4, 140), '7100');
    assert.equal(roundedTo(7123.4, 3), '7123');
    assert.equal(roundedTo(0.9, 0), '0.9');
  });
});

describe('the summary of a gate alone', () => {
  it('has its outcome, its cells and its doubts', () => {
    const text = gateSummary(slower);
    assert.match(text, /^### simulated against BASE of 2030/);
    assert.match(text, /\*\*gate: failed: a cell is slower than the margin allows\*\*/);
    assert.match(text, /^\| slow \| work \|/m);
    assert.ok(Buffer.byteLength(text) <= 4096);
  });
});
