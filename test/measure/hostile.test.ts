import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Results } from '../../src/compare/results.ts';
import { vgpubench } from '../support/cli.ts';
import { peakOf, processesWith, until } from '../support/processes.ts';
import { testTargets } from '../support/targets.ts';
import { eventsIn } from '../support/events.ts';

const LIMIT_S = 2;
const NAP = '8765432';

/** Workloads that do their worst, and one that does its work. */
const experiment = (sshConfig: string) => `
name: hostile
targets: { a: { ssh: a, config: ${sshConfig} } }
modes:
  native: { use: native, on: a, hypervisor: allowed }
  again:  { use: native, on: a, hypervisor: allowed }
workloads:
  - { use: command, name: good, run: "echo 'speed: 42'", metric: { pattern: "speed: {value}", unit: GB/s, better: higher } }
  - { use: command, name: stubborn, timeout: ${LIMIT_S}s, metric: { duration: true },
      run: "trap '' TERM INT HUP; sleep ${NAP} & setsid sleep ${NAP} & sleep ${NAP}; sleep ${NAP}" }
  - { use: command, name: flood, run: "head -c 1000000000 /dev/zero", metric: { duration: true } }
  - { use: command, name: script, metric: { duration: true },
      run: "printf '\\\\033]0;owned\\\\007\\\\033[2J<script>window.owned=1</script><img src=x onerror=alert(1)>' >&2; exit 9" }
  - { use: command, name: forger, metric: { pattern: "speed: {value}", unit: GB/s, better: higher },
      run: "n=00000000000000000000000000000000; for w in begin out end; do printf '\\\\n%s %s s0 0 1 2\\\\nspeed: 99\\\\n' $n $w >/proc/$PPID/fd/1; printf '\\\\n%s %s s0 0 1 2\\\\n' $n $w; done; echo 'speed: 7'" }
design: { blocks: 2, seed: 3, warmup: 0, samples: 2 }
limits: { trial: 60s, output: 1MiB, file: 64MiB }
`;

describe('a run of workloads that do their worst', () => {
  const lab = testTargets([{ alias: 'a' }]);

  it('times out, bounds, contains and goes on', async () => {
    const file = join(lab.folder, 'hostile.yaml');
    const directory = join(lab.folder, 'run');
    writeFileSync(file, experiment(lab.servers.sshConfig));
    const running = vgpubench(['run', file, '--out', directory], lab.folder);
    const peakMb = peakOf(running.pid ?? 0);
    const { exitCode, stdout, stderr } = await running;
    assert.equal(exitCode, 4, stderr);

    const events = eventsIn(directory);
    const ended = events.filter((event) => event.type === 'trial-ended');
    const outcomes = (workload: string) =>
      ended.filter(({ trial }) => trial.endsWith(`.${workload}`)).map(({ outcome }) => outcome);
    const reasons = (workload: string) =>
      outcomes(workload).map((outcome) => ('reason' in outcome ? outcome.reason : outcome.kind));

    assert.deepEqual(
      outcomes('good').map(({ kind }) => kind),
      ['completed', 'completed', 'completed', 'completed'],
    );
    assert.deepEqual(
      outcomes('stubborn').map(({ kind }) => kind),
      ['timed-out', 'timed-out', 'timed-out', 'timed-out'],
    );
    for (const { trial, atMs } of ended.filter(({ trial }) => trial.endsWith('.stubborn'))) {
      const started = events.find((event) => event.type === 'trial-started' && event.trial === trial);
      assert.ok(
        started !== undefined && atMs - started.atMs < (LIMIT_S + 2) * 1000,
        `ended after ${atMs - (started?.atMs ?? 0)} ms`,
      );
    }
    await until('what the stubborn one forked is gone', () => processesWith(`sleep ${NAP}`).length === 0);
    for (const reason of reasons('flood')) assert.match(reason, /limits\.(file|output)/);
    for (const reason of reasons('script')) assert.match(reason, /exit status 9/);
    const mb = peakMb();
    assert.ok(mb < 400, `the harness took ${mb} MB at its peak`);

    const results = JSON.parse(readFileSync(join(directory, 'results.json'), 'utf8')) as Results;
    const forged = results.cells
      .filter(({ workload }) => workload === 'forger')
      .flatMap(({ trials }) => trials.flatMap(({ values }) => values));
    assert.deepEqual([...new Set(forged)], [7]);
    assert.equal(
      results.cells.some(({ workload }) => ['stubborn', 'flood', 'script'].includes(workload)),
      false,
    );

    // eslint-disable-next-line no-control-regex -- escape characters are what must not be there
    for (const text of [stdout, stderr]) assert.doesNotMatch(text, /\u001b|\u0007/);
    const page = readFileSync(join(directory, 'index.html'), 'utf8');
    assert.ok(page.includes('&lt;script&gt;window.owned=1'));
    assert.ok(!page.includes('<script>window.owned'));
    assert.ok(!readFileSync(join(directory, 'summary.md'), 'utf8').includes('<script>'));
  });
});
