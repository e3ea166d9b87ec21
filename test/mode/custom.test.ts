import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { CustomSpec } from '../../src/mode/custom/kind.ts';
import { customMode } from '../../src/mode/custom/program.ts';
import type { CommandResult } from '../../src/target/lifecycle.ts';
import { NO_COMMANDS, alone, place, says } from '../support/place.ts';

describe('a custom mode', () => {
  const custom = (over: Partial<CustomSpec> = {}) =>
    customMode('mine', {
      use: 'custom',
      on: ['guest'],
      ...NO_COMMANDS,
      ...over,
    });
  const at = (run: string, where: 'guest' | 'host' = 'guest') => ({ run, at: where });
  const site = { guest: place('guest'), host: place('dom0'), domain: 'guest' };

  it('plans every undo before the first change', async () => {
    const changes = await custom({
      prepare: [at('p1'), at('p2', 'host')],
      restore: [at('r1'), at('r2', 'host')],
    }).prepare(site);
    const lastUndo = changes.findLastIndex(({ undo }) => undo !== undefined);
    const firstChange = changes.findIndex(({ script }) => script !== ':');
    assert.ok(lastUndo < firstChange);
    assert.deepEqual(
      changes.filter(({ script }) => script !== ':').map(({ target, script }) => `${target} ${script}`),
      ['guest p1', 'dom0 p2'],
    );
  });

  it('is undone, newest change first, in the order of its restore list', async () => {
    const changes = await custom({
      prepare: [at('p')],
      restore: [at('r1'), at('r2', 'host'), at('r3')],
    }).prepare(site);
    const undone = changes.flatMap(({ undo }) => undo ?? []).reverse();
    assert.deepEqual(
      undone.map(({ target, script }) => `${target} ${script}`),
      ['guest r1', 'dom0 r2', 'guest r3'],
    );
  });

  it('runs nothing while it prepares: whoever asked makes the changes', async () => {
    const guest = place('guest');
    await custom({ prepare: [at('p')], restore: [at('r')] }).prepare(alone(guest));
    assert.deepEqual(guest.ran, []);
  });

  it('proves a claim by exit status 0 and, where asked, by what is printed', async () => {
    const answers: Record<string, Partial<CommandResult>> = {
      good: { stdout: 'cpu: 1\n' },
      wrong: { stdout: 'cpu: 2\n' },
      fails: { stdout: 'cpu: 1\n', exitCode: 1, stderr: 'oops' },
      hangs: { exitCode: null },
    };
    const guest = place('guest', (script) => answers[script] ?? {});
    const claims = Object.keys(answers).map((run) => ({ ...at(run), expect: 'cpu: 1' }));
    const findings = await custom({ attest: [...claims, at('silent')] }).attest(alone(guest));
    assert.deepEqual(
      findings.map(({ ok }) => ok),
      [true, false, false, false, true],
    );
    assert.deepEqual(
      findings.map(({ evidence }) => evidence),
      [
        'exit status 0: cpu: 1',
        'exit status 0: cpu: 2',
        'exit status 1: cpu: 1\noops',
        'no answer in time: ',
        'exit status 0: ',
      ],
    );
    assert.deepEqual([findings[0]?.claim, findings[4]?.claim], ['good prints "cpu: 1"', 'silent']);
  });

  it('keeps no more than 2000 characters of evidence, and tells a claim in its own words', async () => {
    const guest = says('x'.repeat(10_000));
    const [found] = await custom({ attest: [{ ...at('a'), claim: 'it is so' }] }).attest(alone(guest));
    assert.equal(found?.claim, 'it is so');
    assert.ok(found.evidence.length < 2100);
  });

  it('runs at the host where asked, and says so where there is none', async () => {
    const [found] = await custom({ attest: [at('a', 'host')] }).attest(site);
    assert.equal(found?.target, 'dom0');
    await assert.rejects(custom({ attest: [at('a', 'host')] }).attest(alone(place('guest'))), {
      code: 'VGB-MODE-HOST',
    });
  });

  it('gives its wrapper a plain command as it is, and any other by way of sh -c', () => {
    const mode = custom({ wrapper: 'taskset -c 0 {command} 2>&1' });
    assert.equal(mode.wrap('./mmul 1024'), 'taskset -c 0 ./mmul 1024 2>&1');
    assert.equal(mode.wrap("cd /x && ./a 'b'"), "taskset -c 0 sh -c 'cd /x && ./a '\\''b'\\''' 2>&1");
    assert.equal(custom().wrap('a && b'), 'a && b');
  });

  it('runs the very command in its wrapper, whatever signs are in it', () => {
    const mode = custom({ wrapper: 'env X=1 {command}' });
    const sign = fc.constantFrom(
      '$$',
      '$&',
      "$'",
      '$`',
      '$1',
      "'",
      '"',
      '\\',
      ' ',
      '{command}',
      '*',
      ';',
      'a',
      '&',
    );
    fc.assert(
      fc.property(fc.array(sign, { maxLength: 8 }), (signs) => {
        const text = signs.join('');
        const command = `printf %s '${text.replaceAll("'", "'\\''")}'`;
        assert.equal(execFileSync('sh', ['-c', mode.wrap(command)], { encoding: 'utf8' }), text);
      }),
      { numRuns: 40 },
    );
  });

  it('has the environment of the experiment file, and no counters', async () => {
    const mode = custom({ environment: { A: 'b' } });
    assert.deepEqual(mode.environment, { A: 'b' });
    assert.deepEqual(await mode.counters(site), {});
  });
});

describe('a custom mode that wakes, powers, counts and attests by commands', () => {
  const mode = (over: Partial<CustomSpec>) =>
    customMode('mine', { use: 'custom', on: ['guest'], ...NO_COMMANDS, ...over });
  const site = (guest = place('guest'), host = place('dom0')) => ({ guest, host, domain: 'guest' });

  it('wakes on each host once, with the undo before the change', async () => {
    const found = await mode({ wake: ['wake'], sleep: ['one', 'two'] }).wake?.([site(), site()]);
    assert.deepEqual(found, [
      { target: 'dom0', script: ':', undo: { target: 'dom0', script: 'two' } },
      { target: 'dom0', script: ':', undo: { target: 'dom0', script: 'one' } },
      { target: 'dom0', script: 'wake', undo: undefined },
    ]);
    assert.equal(mode({}).wake, undefined);
  });

  it('destroys and starts a guest that does not answer, and says which', async () => {
    const power = { start: 'virsh start guest', destroy: 'virsh destroy guest' };
    assert.deepEqual(await mode({ power }).revive?.([site()]), [
      {
        ...{ target: 'dom0', script: '( virsh destroy guest\n) || :', undo: undefined },
        power: { of: 'guest', action: 'destroy' },
      },
      {
        ...{ target: 'dom0', script: 'virsh start guest', undo: undefined },
        power: { of: 'guest', action: 'start' },
      },
    ]);
    assert.deepEqual(await mode({ power }).wake?.([site()]), []);
    assert.equal(mode({ wake: ['x'], sleep: ['y'] }).revive, undefined);
  });

  it('counts what its counters grew by between its first attestation and the end of the trials', async () => {
    let count = 5;
    const guest = place('guest', () => ({ stdout: `traps ${count}\nstill: 7\nnoise here\n` }));
    const counting = mode({ count: [{ run: 'counters', at: 'guest' }] });
    const here = site(guest);
    await counting.prepare(here);
    const [finding] = await counting.attest(here);
    assert.deepEqual([finding?.ok, finding?.evidence], [true, 'traps, still']);
    count = 12;
    assert.deepEqual(await counting.attest(here), []);
    assert.deepEqual(await counting.counters(here), { traps: 7 });
    await counting.prepare(here);
    await counting.attest(here);
    assert.deepEqual(await counting.counters(here), {}, 'another stay counts anew');
  });

  it('counts each guest by itself, whatever its host calls it', async () => {
    const counts = { one: 5, two: 50 };
    const counting = mode({ count: [{ run: 'counters', at: 'guest' }] });
    const sites = (['one', 'two'] as const).map((name) =>
      site(place(name, () => ({ stdout: `traps ${counts[name]}\n` }))),
    );
    for (const here of sites) await counting.attest(here);
    Object.assign(counts, { one: 6, two: 52 });
    const grown = await Promise.all(sites.map((here) => counting.counters(here)));
    assert.deepEqual(grown, [{ traps: 1 }, { traps: 2 }]);
  });

  it('destroys by a command whose exit status does not count, however it ends', async () => {
    for (const destroy of ['false # it may be gone', 'exit 3', 'false; false']) {
      const [first] = (await mode({ power: { start: ':', destroy } }).revive?.([site()])) ?? [];
      execFileSync('sh', ['-c', first?.script ?? 'exit 9']);
    }
  });

  it('is not attested where its counters can’t be read', async () => {
    const [finding] = await mode({ count: [{ run: 'x', at: 'host' }] }).attest(site());
    assert.equal(finding?.ok, false);
  });

  it('asks for evidence during a trial only where it has such commands', async () => {
    assert.equal(mode({}).attestDuring, undefined);
    const during = [{ run: 'pgrep x', at: 'host' as const, claim: 'x runs' }];
    const host = place('dom0', () => ({ exitCode: 1 }));
    const [finding] = (await mode({ during }).attestDuring?.(site(place('guest'), host))) ?? [];
    assert.deepEqual([finding?.target, finding?.claim, finding?.ok], ['dom0', 'x runs', false]);
  });
});
