import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Results } from '../../src/compare/results.ts';
import { recordOf } from '../../src/record/fold.ts';
import { vgpubench } from '../support/cli.ts';
import { eventsIn } from '../support/events.ts';
import { processesWith, until } from '../support/processes.ts';
import { testTargets } from '../support/targets.ts';

/** So many seconds that no other process sleeps. */
const NAP_S = 1.0625;

describe('a run of a mode that is made of commands', () => {
  const lab = testTargets([{ alias: 'host' }, { alias: 'a' }, { alias: 'b' }]);

  /** One block of native, and of the mode whose options are given. */
  async function run(name: string, options: string) {
    const [file, directory] = [join(lab.folder, `${name}.yaml`), join(lab.folder, name)];
    const at = (alias: string) => `ssh: ${alias}, config: ${lab.servers.sshConfig}`;
    writeFileSync(
      file,
      `name: ${name}
same-machine: allowed
targets:
  host: { ${at('host')} }
  a: { ${at('a')}, host: host }
  b: { ${at('b')}, host: host }
modes:
  native: { use: native, on: host, hypervisor: allowed }
  mine:
    use: custom
    on: a
${options}
workloads: [{ use: command, name: w, run: "sleep ${NAP_S}; echo 'speed: 42'", metric: { pattern: "speed: {value}", unit: GB/s, better: higher } }]
design: { blocks: 1, warmup: 0, samples: 2 }
limits: { trial: 60s }
`,
    );
    const { exitCode, stderr } = await vgpubench(['run', file, '--out', directory], lab.folder);
    const results = JSON.parse(readFileSync(join(directory, 'results.json'), 'utf8')) as Results;
    const record = recordOf(eventsIn(directory));
    const visit = record.visits.find(({ mode }) => mode === 'mine');
    return { exitCode, stderr, results, record, attestations: visit?.attestations ?? [] };
  }

  it('wakes, counts, attests while it runs, has a neighbour, and puts everything back', async () => {
    const path = (name: string) => join(lab.folder, name);
    const [awake, loaded, neighbour] = ['awake', 'loaded', 'neighbour'].map(path);
    const { exitCode, stderr, results, record, attestations } = await run(
      'whole',
      `    wake: [touch ${awake}]
    sleep: [rm -f ${awake}]
    prepare: [touch ${loaded}]
    restore: [rm -f ${loaded}]
    attest: [{ run: test -e ${awake} -a -e ${loaded}, claim: it is awake and loaded }]
    during: [{ run: "for i in 1 2 3 4 5; do pgrep -f '^sleep ${NAP_S}' && exit; sleep 0.1; done; exit 1", claim: the workload runs }]
    count: [{ run: "echo >>$HOME/traps; echo traps $(wc -l <$HOME/traps)" }]
    environment: { LEVEL: one }
    neighbour: { on: b, run: "echo $LEVEL $SSH_CONNECTION >>${neighbour}; sleep 0.1" }`,
    );
    assert.equal(exitCode, 0, stderr);
    assert.equal(results.trials.completed, 2);
    const claims = (when: string) =>
      attestations
        .filter((one) => one.when === when)
        .flatMap(({ findings }) => findings.map(({ target, claim, ok }) => `${target}: ${claim}: ${ok}`));
    const neighbourRuns = 'b: the neighbour runs: true';
    assert.ok(claims('before').includes(neighbourRuns) && claims('after').includes(neighbourRuns));
    assert.ok(claims('before').includes('a: it is awake and loaded: true'));
    assert.deepEqual(claims('during'), ['a: the workload runs: true']);
    assert.ok(results.attestations.some(({ mode, when }) => mode === 'mine' && when === 'during'));
    assert.deepEqual(
      results.counters.filter(({ target }) => target === 'a').map(({ counters }) => counters),
      [{ traps: 1 }],
    );
    const [ran = ''] = readFileSync(neighbour!, 'utf8').split('\n');
    assert.match(ran, new RegExp(`^one .* ${lab.servers.port('b')}$`), 'in its mode, on its own target');
    assert.deepEqual([existsSync(awake!), existsSync(loaded!), record.pendingUndo.size], [false, false, 0]);
    await until('nothing of the neighbour is left', () => processesWith(neighbour!).length === 0);
  });

  it('whose neighbour does not exist is void, and says so', async () => {
    const { exitCode, results, record } = await run(
      'lonely',
      '    neighbour: { on: b, run: vgpubench-no-such-program --busy }',
    );
    assert.equal(exitCode, 4);
    assert.equal(results.trials.void, 1);
    const reasons = results.unsuccessful.map(({ outcome }) => ('reason' in outcome ? outcome.reason : ''));
    assert.match(
      reasons[0] ?? '',
      /b: the neighbour runs \(vgpubench-no-such-program --busy ended with exit status 127/,
    );
    assert.equal(record.pendingUndo.size, 0);
  });
});
