/** Changes that can't be undone, and sessions that are lost while one is made. */
import assert from 'node:assert/strict';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { readRun } from '../../src/record/read-run.ts';
import { happenedNow } from '../../src/record/journal.ts';
import { writeRun } from '../cli/run-directories.ts';
import { vgpubench } from '../support/cli.ts';
import { markedExperiment } from '../support/experiment.ts';
import { testTargets } from '../support/targets.ts';
import { assertWhole, linesIn } from '../support/whole-run.ts';

describe('a run with a mode that changes its target', () => {
  const lab = testTargets([{ alias: 'a' }]);

  /** Beside `plain`, which changes nothing, a mode `changed` by these lines of shell. */
  function prepare(name: string, prepare: (file: string) => string, restore: (file: string) => string) {
    const changed = join(lab.folder, `${name}.changed`);
    const [marker, file] = [join(lab.folder, `${name}.ran`), join(lab.folder, `${name}.yaml`)];
    const modes = `  native: { use: native, on: a, hypervisor: allowed }
  changed: { use: custom, on: a, prepare: ['${prepare(changed)}'], attest: [{ run: "test -e ${changed}" }], restore: ['${restore(changed)}'] }`;
    const { sshConfig } = lab.servers;
    writeFileSync(file, markedExperiment({ sshConfig, marker, blocks: 3, samples: 2, seconds: 0.01, modes }));
    return { changed, marker, file, directory: join(lab.folder, name) };
  }

  const outcomes = (directory: string) => {
    const { plan, record } = readRun(directory);
    return plan.trials.map(({ id, mode }) => ({ id, mode, outcome: record.trials.get(id)?.outcome }));
  };
  const incidents = (directory: string) => readRun(directory).record.incidents;

  it('which can’t be undone exits with 4, says how to put it back, and measures nothing there', async () => {
    const { changed, marker, file, directory } = prepare(
      'stuck',
      (path) => `touch ${path}`,
      (path) => `test -e ${path}.fixed && rm ${path}`,
    );
    const { exitCode, stderr } = await vgpubench(['run', file, '--out', directory], lab.folder);
    assert.equal(exitCode, 4, stderr);
    assert.match(stderr, /^a is still changed.*test -e/m);
    for (const line of [
      `to put it back: vgpubench restore ${directory}`,
      `then run the skipped trials: vgpubench resume ${directory} --retry`,
    ])
      assert.ok(stderr.split('\n').includes(line), stderr);
    assert.equal(existsSync(changed), true);
    const all = outcomes(directory);
    const last = all.findIndex(({ mode }) => mode === 'changed');
    for (const [index, { id, outcome }] of all.entries()) {
      assert.equal(outcome?.kind, index <= last ? 'completed' : 'skipped', id);
      if (outcome.kind === 'skipped') assert.match(outcome.reason, /^a is still changed by an earlier stay/);
    }
    assert.equal(linesIn(marker), 2 * (last + 1), 'nothing ran on it after that');

    const again = await vgpubench(['restore', directory], lab.folder);
    assert.equal(again.exitCode, 4);
    writeFileSync(`${changed}.fixed`, '');
    const restored = await vgpubench(['restore', directory], lab.folder);
    assert.equal(restored.exitCode, 0, restored.stderr);
    assert.equal(existsSync(changed), false);
    const resumed = await vgpubench(['resume', directory, '--retry'], lab.folder);
    assert.equal(resumed.exitCode, 0, resumed.stderr);
    assertWhole(directory, marker, 2);
  });

  it('which is undone at a second try goes on', async () => {
    const { changed, marker, file, directory } = prepare(
      'second-try',
      (path) => `touch ${path}`,
      (path) => `[ -e ${path}.tried ] || { touch ${path}.tried; exit 1; }; rm ${path}`,
    );
    const { exitCode, stderr } = await vgpubench(['run', file, '--out', directory], lab.folder);
    assert.equal(exitCode, 0, stderr);
    assert.doesNotMatch(stderr, /still changed/);
    assert.equal(existsSync(changed), false);
    assert.equal(incidents(directory).filter(({ kind }) => kind === 'restore').length, 1);
    assertWhole(directory, marker, 2);
  });

  it('is put back by what can be read of its journal, and the lines that can’t be are told', async () => {
    const { changed, file, directory } = prepare(
      'torn',
      (path) => `touch ${path}`,
      (path) => `test -e ${path}.fixed && rm ${path}`,
    );
    assert.equal((await vgpubench(['run', file, '--out', directory], lab.folder)).exitCode, 4);
    writeFileSync(`${changed}.fixed`, '');
    const journal = join(directory, 'journal.jsonl');
    const lines = readFileSync(journal, 'utf8').split('\n');
    const sample = lines.findIndex((line) => line.includes('"sample"'));
    writeFileSync(journal, lines.map((line, at) => (at === sample ? line.slice(1) : line)).join('\n'));
    const { exitCode, stdout, stderr } = await vgpubench(['restore', directory], lab.folder);
    assert.equal(exitCode, 4, stdout);
    assert.match(stderr, new RegExp(`VGB-JOURNAL-LINE\\]\\n +line ${sample + 1}: `));
    assert.equal(existsSync(changed), false);
  });

  it('whose session is lost while it is made enters the mode once more', async () => {
    const { marker, file, directory } = prepare(
      'lost',
      (path) => `touch ${path}; [ -e ${path}.lost ] || { touch ${path}.lost; kill -KILL $PPID; }`,
      (path) => `rm -f ${path}`,
    );
    const { exitCode, stderr } = await vgpubench(['run', file, '--out', directory], lab.folder);
    assert.equal(exitCode, 0, stderr);
    const told = incidents(directory).filter(({ text }) =>
      /^a session was lost while entering changed/.test(text),
    );
    assert.equal(told.length, 1);
    assertWhole(directory, marker, 2);
  });

  it('whose session is lost each time fails after the second', async () => {
    const { marker, file, directory } = prepare(
      'lost-always',
      (path) => `touch ${path}; echo run >>${path}.entered; kill -KILL $PPID`,
      (path) => `rm -f ${path}`,
    );
    const { exitCode } = await vgpubench(['run', file, '--out', directory], lab.folder);
    assert.equal(exitCode, 4);
    const changed = outcomes(directory).filter(({ mode }) => mode === 'changed');
    assert.deepEqual(
      changed.map(({ outcome }) => outcome?.kind),
      ['failed', 'failed', 'failed'],
    );
    assert.equal(linesIn(`${join(lab.folder, 'lost-always')}.changed.entered`), 2 * changed.length);
    assert.equal(linesIn(marker), 2 * 3, 'the other mode’s');
  });
});

describe('a guest that could not be put to sleep', () => {
  const lab = testTargets([{ alias: 'guest' }, { alias: 'host' }]);

  /** Two modes in which it is awake, as a file on its host tells; they put it to sleep by these scripts. */
  async function assertCompletes(name: string, sleep: (awake: string) => [string, string]): Promise<void> {
    const [awake, file] = [join(lab.folder, `${name}.awake`), join(lab.folder, `${name}.yaml`)];
    const { sshConfig } = lab.servers;
    const [native, other] = sleep(awake).map(
      (script) =>
        `{ use: custom, on: guest, wake: ['touch ${awake}'], sleep: ['${script}'], attest: [{ run: 'test -e ${awake}' }] }`,
    );
    writeFileSync(
      file,
      `name: ${name}
same-machine: allowed
targets: { guest: { ssh: guest, config: ${sshConfig}, host: host }, host: { ssh: host, config: ${sshConfig} } }
modes: { native: ${native}, other: ${other} }
workloads: [{ use: command, name: work, run: 'echo "speed: 42"', metric: { pattern: 'speed: {value}', unit: GB/s, better: higher } }]
design: { blocks: 2, warmup: 0, samples: 1 }
`,
    );
    const directory = join(lab.folder, name);
    const { exitCode, stderr } = await vgpubench(['run', file, '--out', directory], lab.folder);
    assert.equal(exitCode, 0, stderr);
    const { plan, record } = readRun(directory);
    for (const { id } of plan.trials) assert.equal(record.trials.get(id)?.outcome?.kind, 'completed', id);
    assert.equal(record.incidents.filter(({ text }) => /could not be undone/.test(text)).length > 0, true);
    assert.equal(record.pendingUndo.size, 0);
    assert.equal(existsSync(awake), false);
  }

  const once = (awake: string) => `[ -e ${awake}.tried ] || { touch ${awake}.tried; exit 1; }; rm ${awake}`;

  it('is put to sleep before it is woken again', () =>
    assertCompletes('slept-late', (awake) => [once(awake), `rm ${awake}`]));

  it('as it had died is woken anew, and sleeps after that', () => {
    // Until it was woken a second time there is nothing to put to sleep.
    const later = (awake: string) =>
      `echo >>${awake}.tries; [ $(wc -l <${awake}.tries) -gt 2 ] && rm ${awake}`;
    return assertCompletes('died', (awake) => [later(awake), later(awake)]);
  });
});

describe('a run whose targets are silent when they are to be put back', () => {
  const lab = testTargets([{ alias: 'a' }, { alias: 'b' }, { alias: 'c' }]);

  it('is told within 20 s which they are, and put back once they answer', async () => {
    const names = ['a', 'b', 'c'];
    const directory = writeRun(join(lab.folder, 'silent'), {
      targets: `{ ${names.map((name) => `${name}: { ssh: ${name}, config: ${lab.servers.sshConfig} }`).join(', ')} }`,
      upTo: 0,
    });
    const changed = (name: string) => join(lab.folder, `silent.${name}`);
    for (const name of names) writeFileSync(changed(name), '');
    appendFileSync(
      join(directory, 'journal.jsonl'),
      names
        .map((name) => {
          const undo = { target: name, script: `rm ${changed(name)}` };
          return `${JSON.stringify(happenedNow({ type: 'undo-planned', id: name, mode: 'slow', undo }))}\n`;
        })
        .join(''),
    );
    const frozen = ['a', 'b'].map((name) => lab.servers.pid(name));
    const began = performance.now();
    try {
      for (const pid of frozen) process.kill(pid, 'SIGSTOP');
      const { exitCode, stdout } = await vgpubench(['restore', directory], lab.folder);
      assert.ok(performance.now() - began < 20_000, `after ${Math.round(performance.now() - began)} ms`);
      assert.equal(exitCode, 4);
      assert.match(stdout, /✓ c: rm/);
      assert.match(stdout, /✗ b: rm .*\n(.*\n)*✗ a: rm|✗ a: rm .*\n(.*\n)*✗ b: rm/);
    } finally {
      for (const pid of frozen) process.kill(pid, 'SIGCONT');
    }
    assert.deepEqual(
      names.map((name) => existsSync(changed(name))),
      [true, true, false],
    );
    const { exitCode, stdout } = await vgpubench(['restore', directory], lab.folder);
    assert.equal(exitCode, 0, stdout);
    assert.deepEqual(
      names.filter((name) => existsSync(changed(name))),
      [],
    );
  });
});
