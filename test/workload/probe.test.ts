import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { commandWorkload } from '../../src/workload/command/program.ts';
import { probeWorkload } from '../../src/workload/probe/program.ts';
import { WorkloadFailure, WrongResult } from '../../src/workload/workload.ts';
import { output, reasonOf } from '../support/output.ts';

const probe = probeWorkload({ use: 'probe', name: 'map', run: 'probe-map' });

describe('a probe', () => {
  it('gives the verdict that it prints, and no metric', () => {
    const line =
      '{"probe":"probe-map","mode":"pvdrm","verdict":"refused","evidence":"the page does not map"}\n';
    const [reading] = probe.parse(output(line));
    assert.deepEqual(reading?.metrics, []);
    assert.deepEqual(reading.verdict, { outcome: 'refused', evidence: 'the page does not map' });
  });

  it('may have been refused, allowed, or found nothing to try', () => {
    for (const outcome of ['refused', 'allowed', 'not-applicable'])
      assert.equal(
        probe.parse(output(JSON.stringify({ verdict: outcome, evidence: '' })))[0]?.verdict?.outcome,
        outcome,
      );
  });

  it('without one believable verdict has failed, whatever it claims beside', () => {
    for (const text of [
      '',
      'refused',
      '{"verdict":"fine","evidence":""}',
      '{"verdict":"refused"}',
      '{"verdict":',
      '{"verdict":"refused","evidence":""}\n{"verdict":"allowed","evidence":""}',
    ])
      assert.match(reasonOf(probe, text), /^expected one JSON line with a verdict/, text);
    const failed = output('{"verdict":"refused","evidence":""}', { exitCode: 1 });
    assert.match(reasonOf(probe, failed), /^exit status 1/);
  });
});

describe('a program that says its result is wrong', () => {
  const workload = commandWorkload({
    use: 'command',
    name: 'mmul',
    run: 'mmul',
    metric: { field: 'totalNs', unit: 'ns', better: 'lower' },
  });

  it('is told apart from one that failed, whatever its exit status', () => {
    const wrong = '{"workload":"mmul","check":"wrong result: word 3 is 5, not 7"}\n';
    for (const exitCode of [0, 1])
      assert.throws(
        () => workload.parse(output(wrong, { exitCode })),
        (error) => error instanceof WrongResult && /word 3 is 5/.test(error.message),
      );
    assert.throws(
      () => workload.parse(output('{"check":"ok"}', { exitCode: 1 })),
      (error) => error instanceof WorkloadFailure && !(error instanceof WrongResult),
    );
  });

  it('has a reason, also where it gives none', () => {
    for (const check of ['', ' \\n'])
      assert.match(reasonOf(workload, `{"check":"${check}"}`), /^the program reports a wrong result/);
  });

  it('may say so by anything but "ok"', () => {
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    for (const [check, found] of [
      ['false', 'false'],
      ['null', 'null'],
      ['0', '0'],
      ['{"ok": true}', 'an object'],
      [deep, 'a list'],
    ] as const)
      assert.throws(
        () => workload.parse(output(`{"totalNs":5,"check":${check}}`)),
        (error) =>
          error instanceof WrongResult &&
          error.message === `expected a check of "ok" in its JSON line, found ${found}`,
        found,
      );
  });

  it('is none that says it is right', () => {
    for (const check of ['"ok"', 'true'])
      assert.equal(workload.parse(output(`{"totalNs":5,"check":${check}}`))[0]?.metrics[0]?.value, 5);
  });
});
