import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Servers, startServers } from '../../bench/loopback/sshd.ts';
import { Problem } from '../../src/problem.ts';
import { Target } from '../../src/target/target.ts';

describe('the lock of a target', () => {
  let servers: Servers;
  let control = '';
  const opened: Target[] = [];
  before(async () => {
    control = mkdtempSync(join(tmpdir(), 'vgb-test-'));
    servers = await startServers([{ alias: 'a' }]);
  });
  afterEach(async () => {
    for (const target of opened.splice(0)) {
      await target.leave().catch(() => undefined);
      await target.close();
    }
    assert.equal(existsSync(folder()), false, 'nothing of it is left');
  });
  after(async () => {
    await servers.stop();
    rmSync(control, { recursive: true, force: true });
  });
  const folder = () => join(servers.directory, 'a.run', 'vgpubench');
  const newToken = () => randomBytes(8).toString('hex');

  function target(name: string, token: string, who = 'ann@desk'): Target {
    const address = { ssh: 'a', config: servers.sshConfig };
    const made = new Target(name, address, control, undefined, { owner: { token, who }, roomKib: 1024 });
    opened.push(made);
    return made;
  }

  it('refuses another run, with whose run it is, until that has ended', async () => {
    const first = target('one', newToken(), 'ann@desk of 2nd floor');
    await first.facts();
    const second = target('two', newToken());
    await assert.rejects(
      second.facts(),
      (error) =>
        error instanceof Problem &&
        error.code === 'VGB-TARGET-IN-USE' &&
        error.exitCode === 4 &&
        error.found === 'a run of ann@desk of 2nd floor',
    );
    await first.leave();
    await first.close();
    assert.deepEqual((await second.facts()).remarks, []);
  });

  it('is taken over from a run that was killed', async () => {
    const first = target('one', newToken());
    await first.facts();
    // As kill -9 of the harness leaves it: the connection ends, and nothing is tidied up.
    await first.close();
    assert.ok(existsSync(join(folder(), 'lock')));
    const second = target('two', newToken());
    assert.deepEqual((await second.facts()).remarks, []);
    assert.match(readFileSync(join(folder(), 'lock'), 'utf8'), / two /);
    opened.push(first);
  });

  it('is waited for where the other run is about to end', async () => {
    const first = target('one', newToken());
    await first.facts();
    const second = target('two', newToken()).facts();
    await sleep(500);
    await first.close();
    assert.deepEqual((await second).remarks, []);
  });

  it('is taken over by the same run from its own older shell, which is ended', async () => {
    const token = newToken();
    const [older, newer] = [target('one', token), target('one', token)];
    await older.facts();
    const [, , pid = ''] = readFileSync(join(folder(), 'lock'), 'utf8').split(' ');
    assert.ok(existsSync(`/proc/${pid}`));
    assert.deepEqual((await newer.facts()).remarks, []);
    assert.equal(existsSync(`/proc/${pid}`), false);
    assert.notEqual(readFileSync(join(folder(), 'lock'), 'utf8').split(' ')[2], pid);
  });

  it('is shared by targets of one run that are one machine', async () => {
    const token = newToken();
    const [one, two] = [target('one', token), target('two', token)];
    await one.facts();
    assert.deepEqual((await two.facts()).remarks, []);
    assert.match(readFileSync(join(folder(), 'lock'), 'utf8'), / one /);
  });

  it('is no matter between targets of one run that are greeted at once, which share its directory', async () => {
    const token = newToken();
    const all = Array.from({ length: 6 }, (_, index) => target(`t${index}`, token));
    const facts = await Promise.all(all.map((one) => one.facts()));
    assert.deepEqual(
      facts.map(({ scratch, remarks }) => [scratch, remarks]),
      all.map(() => ['/dev/shm', []]),
    );
    assert.equal(readdirSync(`/dev/shm/vgpubench-${token}`).length, 6);
  });

  for (const [what, text] of [
    ['a process that is gone', `${'0'.repeat(16)} one 999999999 5 somebody\n`],
    ['a process whose number was given again', `${'0'.repeat(16)} one 1 5 somebody\n`],
    ['nobody, since there was no room to say whose', ''],
  ] as const)
    it(`is no hindrance where it is of ${what}`, async () => {
      mkdirSync(folder(), { mode: 0o700 });
      writeFileSync(join(folder(), 'lock'), text);
      const one = target('one', newToken());
      assert.deepEqual((await one.facts()).remarks, []);
      assert.match(readFileSync(join(folder(), 'lock'), 'utf8'), /^\w+ one \d+ \d+ ann@desk$/m);
    });

  it('has one holder, however many ask at once', async () => {
    mkdirSync(folder(), { mode: 0o700 });
    writeFileSync(join(folder(), 'lock'), `${'0'.repeat(16)} one 999999999 5 somebody\n`);
    const all = Array.from({ length: 8 }, (_, index) => target(`t${index}`, newToken()));
    const outcomes = await Promise.allSettled(all.map((one) => one.facts()));
    assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
    assert.deepEqual(readdirSync(folder()), ['lock']);
  });
});
