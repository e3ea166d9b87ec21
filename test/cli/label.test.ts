import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Results } from '../../src/compare/results.ts';
import { vgpubench } from '../support/cli.ts';
import { eventsIn } from '../support/events.ts';
import { markedExperiment } from '../support/experiment.ts';
import { testTargets } from '../support/targets.ts';

describe('run --label, on a real target', () => {
  const lab = testTargets([{ alias: 'a' }]);
  const CI = { GITLAB_CI: 'true', CI_COMMIT_SHA: 'c0ffee1', CI_COMMIT_REF_NAME: 'main' };

  it('is in the journal, the results, the page and the summary, with what CI tells', async () => {
    const marker = join(lab.folder, 'ran');
    writeFileSync(
      join(lab.folder, 'e.yaml'),
      markedExperiment({ sshConfig: lab.servers.sshConfig, marker, blocks: 1, samples: 1, seconds: 0.01 }),
    );
    const { exitCode, stderr } = await vgpubench(
      ['run', 'e.yaml', '--out', 'run', '--label', 'driver=550.54', '--label', 'mesa=24.1 (git)'],
      lab.folder,
      CI,
    );
    assert.equal(exitCode, 0, stderr);
    const run = join(lab.folder, 'run');
    const origin = {
      ...{ commit: 'c0ffee1', branch: 'main', ci: { system: 'GitLab CI' } },
      labels: { driver: '550.54', mesa: '24.1 (git)' },
    };
    const [first] = eventsIn(run);
    assert.deepEqual(first?.type === 'run-started' && first.origin, origin);
    const read = (name: string) => readFileSync(join(run, name), 'utf8');
    assert.deepEqual((JSON.parse(read('results.json')) as Results).origin, origin);
    for (const name of ['index.html', 'summary.md'])
      assert.match(
        read(name),
        /made from commit c0ffee1 on branch main; GitLab CI; driver=550\.54; mesa=24\.1/,
      );
  });

  it('is refused where it is no key and value, or the same key twice', async () => {
    for (const [labels, said] of [
      [['driver'], /expected key=value/],
      [['=x'], /expected key=value/],
      [['a b=x'], /expected key=value/],
      [['a='], /expected key=value/],
      [['a=b\nc'], /expected key=value/],
      [['a=1', 'a=2'], /expected each key once, found a twice/],
    ] as const) {
      const { exitCode, stderr } = await vgpubench(
        ['run', 'none.yaml', ...labels.flatMap((one) => ['--label', one])],
        lab.folder,
      );
      assert.equal(exitCode, 2);
      assert.match(stderr, said);
    }
  });
});
