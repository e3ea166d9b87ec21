/** Guests of a real QEMU, by its QMP socket. Nothing else of a host is needed: the scripts are run here. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { type Socket, connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, it } from 'node:test';
import { powerOf } from '../../src/power/kinds.ts';
import { testFolder } from '../support/directory.ts';
import { until } from '../support/processes.ts';
import { bootable, endThoseOf } from '../support/qemu.ts';
import { SHELLS, hurried, sh } from './scripts.ts';

describe('power by qmp', () => {
  const folder = testFolder();
  const [socket, console, starts] = [join(folder, 'g.qmp'), join(folder, 'g.log'), join(folder, 'starts')];
  const disks = Object.fromEntries(
    (['heeds its power button', 'ignores its power button'] as const).map((does) => {
      const disk = join(folder, does.replaceAll(' ', '-'));
      writeFileSync(disk, bootable(does));
      return [does, disk];
    }),
  );
  const guest = (does: keyof typeof disks) =>
    powerOf(
      {
        use: 'qmp',
        socket,
        start: `echo start >>${starts}; qemu-system-x86_64 -machine pc,accel=tcg -m 16 -display none -nodefaults \
-drive file=${disks[does] ?? ''},format=raw -serial file:${console} -qmp unix:${socket},server=on,wait=off -daemonize # and no more`,
        console,
        ready: 1000,
      },
      'guest1',
    );
  const booted = (power: ReturnType<typeof guest>) =>
    until('the guest’s boot', () => sh(power.console).stdout === 'up\n');
  const timesStarted = () => Number(execFileSync('grep', ['-c', 'start', starts], { encoding: 'utf8' }));

  afterEach(async () => {
    await endThoseOf(folder);
    for (const path of [socket, console, starts]) rmSync(path, { force: true });
  });

  for (const shell of SHELLS)
    it(`starts what is off, and ends what is on: running it twice does no harm, in ${shell.join(' ')}`, () => {
      const power = guest('ignores its power button');
      const silent = { status: 0, stdout: '', stderr: '' };
      assert.equal(sh(power.running, shell).status, 1);
      for (const script of [power.destroy, power.shutdown, power.start, power.start])
        assert.deepEqual(sh(script, shell), silent, script);
      assert.deepEqual(sh(power.running, shell), silent);
      assert.equal(timesStarted(), 1);
      for (const script of [power.destroy, power.destroy])
        assert.deepEqual(sh(script, shell), silent, script);
      assert.equal(sh(power.running, shell).status, 1);
      // At once: what was ended is gone, and does not count as started.
      assert.deepEqual(sh(power.start, shell), silent);
      assert.equal(timesStarted(), 2);
    });

  it('has a guest shut down by itself, and tells what it wrote to its console', async () => {
    const power = guest('heeds its power button');
    assert.equal(sh(power.start).status, 0);
    await booted(power);
    assert.deepEqual(sh(power.shutdown), { status: 0, stdout: '', stderr: '' });
    assert.equal(sh(power.running).status, 1);
    assert.equal(sh(power.console).stdout, 'up\n');
  });

  it('ends a guest that does not shut down by itself, after a minute, and tells so', async () => {
    const power = guest('ignores its power button');
    assert.equal(sh(power.start).status, 0);
    await booted(power);
    const ended = sh(hurried(power.shutdown, 60));
    assert.deepEqual(ended, {
      status: 0,
      stdout: 'it did not shut down by itself: destroyed\n',
      stderr: '',
    });
    assert.equal(sh(power.running).status, 1);
  });

  it('takes a paused guest for one that is on, and one whose QEMU has left its socket behind for one that is off', async () => {
    const power = guest('ignores its power button');
    assert.equal(sh(power.start).status, 0);
    const client = await clientOf(socket);
    client.end('{"execute":"qmp_capabilities"}\n{"execute":"stop"}\n');
    await closed(client);
    assert.equal(sh(power.running).status, 0);
    assert.equal(sh(power.start).status, 0);
    assert.equal(timesStarted(), 1);
    await endThoseOf(folder);
    execFileSync('test', ['-S', socket]);
    assert.equal(sh(power.running).status, 1);
    assert.equal(sh(power.start).status, 0);
    assert.equal(timesStarted(), 2);
  });

  it('takes a guest whose socket is another client’s for one that is on, and says why it can’t be ended', async () => {
    const power = guest('ignores its power button');
    assert.equal(sh(power.start).status, 0);
    const client = await clientOf(socket);
    assert.equal(sh(hurried(power.running, 5)).status, 0);
    assert.equal(sh(hurried(power.start, 5)).status, 0);
    assert.equal(timesStarted(), 1);
    for (const script of [hurried(power.destroy, 5, 10), hurried(power.shutdown, 5, 10)]) {
      const { status, stderr } = sh(script);
      assert.equal(status, 1);
      assert.match(stderr, /^it did not quit: another client uses \S+g\.qmp, or QEMU hangs\.\n/);
    }
    client.destroy();
    await closed(client);
    assert.equal(sh(power.destroy).status, 0);
    assert.equal(sh(power.running).status, 1);
  });

  it('fails where its start does, with its words, and where nobody listens afterwards', () => {
    const started = (start: string) =>
      sh(hurried(powerOf({ use: 'qmp', socket, start, ready: 1000 }, 'guest1').start, 10));
    assert.deepEqual(started('echo no disk >&2; exit 7'), { status: 7, stdout: '', stderr: 'no disk\n' });
    const { status, stderr } = started('true');
    assert.equal(status, 1);
    assert.match(stderr, /^started, but nothing answers at \S+g\.qmp\n$/);
  });
});

/** A client that QEMU has greeted: there is one at a time. */
async function clientOf(socket: string): Promise<Socket> {
  const client = connect(socket);
  await new Promise((resolve, reject) => {
    client.once('data', resolve).once('error', reject);
  });
  client.resume();
  return client;
}

async function closed(client: Socket): Promise<void> {
  if (!client.closed) await new Promise((resolve) => client.once('close', resolve));
}
