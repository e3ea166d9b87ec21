import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Results } from '../../src/compare/results.ts';
import { vgpubench } from '../support/cli.ts';
import { testTargets } from '../support/targets.ts';
import { eventsIn } from '../support/events.ts';

const WORKLOAD = `{ use: command, name: w, run: "echo 'speed: 42'", metric: { pattern: "speed: {value}", unit: GB/s, better: higher } }`;

describe('a visit to a mode', () => {
  const lab = testTargets([{ alias: 'a' }, { alias: 'b' }]);

  async function run(
    name: string,
    parts: { targets?: string; modes: string; workload?: string; design?: string },
  ) {
    const file = join(lab.folder, `${name}.yaml`);
    const directory = join(lab.folder, name);
    const targets =
      parts.targets ??
      `{ a: { ssh: a, config: ${lab.servers.sshConfig} }, b: { ssh: b, config: ${lab.servers.sshConfig}, host: a } }`;
    writeFileSync(
      file,
      `name: ${name}\nsame-machine: allowed\ntargets: ${targets}\nmodes:\n  native: { use: native, on: a, hypervisor: allowed }\n${parts.modes}\nworkloads: [${parts.workload ?? WORKLOAD}]\ndesign: ${parts.design ?? '{ blocks: 2, warmup: 0, samples: 2 }'}\nlimits: { trial: 20s }\n`,
    );
    const { exitCode } = await vgpubench(['run', file, '--out', directory], lab.folder);
    const results = JSON.parse(readFileSync(join(directory, 'results.json'), 'utf8')) as Results;
    const reasons = (mode: string) =>
      results.unsuccessful
        .filter((one) => one.mode === mode)
        .map(({ outcome }) => `${outcome.kind}: ${'reason' in outcome ? outcome.reason : ''}`);
    return { exitCode, results, reasons, directory };
  }

  it('whose attestation fails before its trials voids them without running them', async () => {
    const ran = join(lab.folder, 'ran-unattested');
    const { exitCode, results, reasons } = await run('unattested', {
      modes: `  other: { use: custom, on: b, wrapper: "sh -c 'touch ${ran}; {command}'", attest: [{ run: "echo no", expect: "yes", claim: the cache is on }] }`,
    });
    assert.equal(exitCode, 4);
    assert.deepEqual(
      reasons('other').map((reason) => reason.slice(0, 4)),
      ['void', 'void'],
    );
    assert.match(reasons('other')[0] ?? '', /the cache is on/);
    assert.equal(existsSync(ran), false);
    assert.equal(
      results.cells.some(({ mode }) => mode === 'other'),
      false,
    );
    assert.equal(results.trials.completed, 2);
  });

  it('whose attestation fails after its trials voids them too', async () => {
    const gone = join(lab.folder, 'gone');
    const { exitCode, results, reasons } = await run('lapsed', {
      modes: `  other: { use: custom, on: b, prepare: ["touch ${gone}"], wrapper: "sh -c 'rm -f ${gone}; echo speed: 42'; : {command}", attest: [{ run: "test -e ${gone}" }], restore: [":"] }`,
    });
    assert.equal(exitCode, 4);
    assert.match(reasons('other')[0] ?? '', /^void: not attested after/);
    assert.equal(results.trials.void, 2);
    assert.equal(results.comparisons.length, 0);
  });

  it('that can’t be prepared fails its trials, says why, and is put back', async () => {
    const half = join(lab.folder, 'half');
    const { exitCode, reasons } = await run('unprepared', {
      modes: `  other: { use: custom, on: b, prepare: ["touch ${half}", "echo no such module >&2; false"], restore: ["rm -f ${half}"] }`,
    });
    assert.equal(exitCode, 4);
    assert.match(
      reasons('other')[0] ?? '',
      /^failed: mode other could not be entered: on b: .*no such module/,
    );
    assert.equal(existsSync(half), false);
  });

  it('runs commands at the guest and at its host', async () => {
    const where = join(lab.folder, 'where');
    const { exitCode } = await run('placed', {
      modes: `  other: { use: custom, on: b, prepare: [{ run: "echo $SSH_CONNECTION >${where}.host", at: host }, "echo $SSH_CONNECTION >${where}.guest"], restore: [":"] }`,
    });
    assert.equal(exitCode, 0);
    const port = (file: string) => Number(readFileSync(file, 'utf8').trim().split(' ')[3]);
    assert.equal(port(`${where}.host`), lab.servers.port('a'));
    assert.equal(port(`${where}.guest`), lab.servers.port('b'));
  });

  it('on a target that can’t be reached costs its own trials only', async () => {
    const { exitCode, results, reasons } = await run('unreachable', {
      targets: `{ a: { ssh: a, config: ${lab.servers.sshConfig} }, b: { ssh: "127.0.0.1:1", config: ${lab.servers.sshConfig} } }`,
      modes: '  other: { use: native, on: b, hypervisor: allowed }',
    });
    assert.equal(exitCode, 4);
    assert.deepEqual(
      reasons('other').map((reason) => /refused|host key/i.test(reason)),
      [true, true],
    );
    assert.ok(results.unsuccessful.every(({ outcome }) => outcome.kind === 'failed' && outcome.transport));
    assert.equal(results.trials.completed, 2);
  });

  it('of several guests starts them together and adds up what they get done', async () => {
    const { exitCode, results, directory } = await run('together', {
      modes: '  both: { use: native, on: [a, b], hypervisor: allowed }',
    });
    assert.equal(exitCode, 0);
    const cell = results.cells.find(({ mode }) => mode === 'both');
    assert.deepEqual(cell?.trials[0]?.values, [84, 84]);
    assert.deepEqual(cell.trials[0].guests, { a: [42, 42], b: [42, 42] });
    const samples = eventsIn(directory).filter(
      (event) => event.type === 'sample' && event.trial.includes('both'),
    );
    assert.ok(
      samples.every(
        (event) => event.type === 'sample' && event.startSpreadNs !== null && event.startSpreadNs < 1e9,
      ),
    );
  });

  it('with a figure beyond what the device can do is void', async () => {
    const { exitCode, reasons } = await run('roofline', {
      modes: '  other: { use: native, on: b, hypervisor: allowed }',
      workload: WORKLOAD.replace('better: higher', 'better: higher, limit: 40'),
    });
    assert.equal(exitCode, 4);
    assert.match(
      reasons('native')[0] ?? '',
      /^void: value of 42 GB\/s is beyond the device’s limit of 40 GB\/s/,
    );
    const latency = await run('latency', {
      modes: '  other: { use: native, on: b, hypervisor: allowed }',
      workload: WORKLOAD.replace('better: higher', 'better: lower, limit: 50'),
    });
    assert.match(
      latency.reasons('native')[0] ?? '',
      /^void: value of 42 GB\/s is beyond the device’s limit of 50 GB\/s/,
    );
  });

  it('refuses a duration that is too short for the guest’s clock', async () => {
    const { exitCode, reasons } = await run('tick', {
      modes: '  other: { use: native, on: b, hypervisor: allowed }',
      workload: '{ use: command, name: w, run: /bin/true, metric: { duration: true } }',
    });
    assert.equal(exitCode, 4);
    assert.match(reasons('native')[0] ?? '', /less than 100 ticks/);
  });

  it('ends the run early once the intervals are narrow enough, and that is a whole run', async () => {
    const { exitCode, results } = await run('precise', {
      modes: '  other: { use: native, on: b, hypervisor: allowed }',
      design: '{ blocks: 16, warmup: 1, samples: 2, precision: 5% }',
    });
    assert.equal(exitCode, 0);
    assert.equal(results.endReason, 'precision');
    assert.ok(results.trials.completed < 32);
  });
});
