import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, type Server, type Socket, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { forEachTarget } from '../../src/measure/for-each-target.ts';
import { greeter, meet } from '../../src/measure/greet.ts';
import { LinkLost } from '../../src/target/link.ts';
import { Target } from '../../src/target/target.ts';
import { parentOf, processesWith, until } from '../support/processes.ts';
import { testTargets } from '../support/targets.ts';

/** DESIGN's bound on knowing that a link is dead. */
const KNOWN_WITHIN_MS = 15_000;

async function lostWithin(limitMs: number, work: () => Promise<unknown>): Promise<LinkLost> {
  const began = performance.now();
  try {
    await work();
  } catch (error) {
    assert.ok(error instanceof LinkLost, String(error));
    const tookMs = performance.now() - began;
    assert.ok(tookMs < limitMs, `known only after ${tookMs} ms`);
    return error;
  }
  throw new Error('the link held, although it should not have');
}

describe('a peer that is not there', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vgb-test-'));
  const servers: Server[] = [];
  const sockets: Socket[] = [];
  after(() => {
    for (const socket of sockets) socket.destroy();
    for (const server of servers) server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function listen(greet: (socket: Socket) => void): Promise<number> {
    const server = createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => undefined);
      greet(socket);
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  }
  const connect = (port: number) =>
    lostWithin(KNOWN_WITHIN_MS, () => new Target('peer', { ssh: `127.0.0.1:${port}` }, folder).facts());

  it('is known at once where it refuses', async () => {
    const port = await listen(() => undefined);
    await new Promise((resolve) => servers.pop()?.close(resolve));
    const error = await connect(port);
    assert.match(error.found ?? '', /refused/i);
    assert.match(error.next ?? '', /try it by hand/);
  });

  it('is known at once where it talks something else', async () => {
    await connect(await listen((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')));
  });

  // Beside each other: each waits for ten seconds.
  describe('is known within 15 s', { concurrency: true }, () => {
    it('where it accepts and never says a word', async () => {
      await connect(await listen(() => undefined));
    });

    it('where it stalls in the handshake', async () => {
      await connect(await listen((socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n')));
    });

    it('where there are many of them, side by side', async () => {
      const port = await listen(() => undefined);
      const silent = Array.from(
        { length: 20 },
        (_, index) => new Target(`p${index}`, { ssh: `127.0.0.1:${port}` }, folder),
      );
      const told: string[] = [];
      const [began, greet] = [performance.now(), greeter(() => undefined, 'refused')];
      await forEachTarget(silent, (target) =>
        meet(target, greet, (event) => {
          if (event.type === 'incident') told.push(event.target ?? '');
        }),
      );
      assert.ok(performance.now() - began < KNOWN_WITHIN_MS, `${performance.now() - began} ms`);
      assert.equal(told.length, 20);
      assert.ok(silent.every(({ unreachable }) => unreachable !== undefined));
    });
  });
});

const TRIAL = {
  ...{
    command: 'echo through',
    environment: {},
    outputBytes: 1e5,
    fileBytes: 1e6,
    giveUpMs: 60_000,
    begun: false,
  },
};

describe('an OpenSSH server', () => {
  const lab = testTargets([{ alias: 'plain' }, { alias: 'narrow', config: ['MaxSessions 1'] }]);
  let connection = 0;
  before(() => {
    connection = 0;
  });

  it('of which the host key is not known is refused, with the way to mend it', async () => {
    const stranger = new Target('stranger', { ssh: `127.0.0.1:${lab.servers.port('plain')}` }, lab.folder);
    const error = await lostWithin(KNOWN_WITHIN_MS, () => stranger.facts());
    assert.match(error.found ?? '', /host key verification failed/i);
    assert.match(error.next ?? '', /log in once by hand/);
  });

  it('that gives a connection one session only serves a stream by a second connection', async () => {
    const target = lab.target('narrow');
    assert.equal((await target.run('echo through')).stdout, 'through\n');
    assert.equal(connectionsOf(lab.servers.pid('narrow')).length, 1);
    for (const visit of ['one', 'two']) {
      const trial = await target.openTrial({ ...TRIAL, directory: visit });
      assert.equal((await trial.run('s0')).stdout.toString(), 'through\n');
      assert.equal(connectionsOf(lab.servers.pid('narrow')).length, 2);
      trial.close();
      await target.endTrial(visit, 0);
      await target.endVisit();
    }
    await until(
      'the stream’s connection is gone',
      () => connectionsOf(lab.servers.pid('narrow')).length === 1,
    );
    const { exitCode } = await target.run('sleep 7653 & sleep 7653', { timeoutMs: 300 });
    assert.equal(exitCode, null, 'what takes too long is killed by a connection of its own, too');
    assert.equal(processesWith('sleep 7653').length, 0);
    await target.leave();
  });

  it('that goes silent in the middle of a command is known within 15 s', async () => {
    const target = lab.target('plain');
    await target.facts();
    const nap = `sleep 8${String(process.pid).padStart(7, '0')}`;
    const running = target.run(nap, { timeoutMs: 60_000 });
    running.catch(() => undefined);
    await until('the command runs', () => processesWith(nap).length > 0);
    for (const pid of connectionsOf(lab.servers.pid('plain'))) {
      process.kill(pid, 'SIGSTOP');
      connection = pid;
    }
    try {
      await lostWithin(KNOWN_WITHIN_MS, () => running);
    } finally {
      process.kill(connection, 'SIGKILL');
      for (const pid of processesWith(nap)) process.kill(pid, 'SIGKILL');
    }
  });

  it('that was lost is connected to again', async () => {
    const target = lab.target('plain');
    assert.equal((await target.run('echo one')).stdout, 'one\n');
    for (const pid of connectionsOf(lab.servers.pid('plain'))) process.kill(pid, 'SIGKILL');
    await until('the connection is gone', () => connectionsOf(lab.servers.pid('plain')).length === 0);
    await target.reconnect(() => undefined);
    assert.equal((await target.run('echo two')).stdout, 'two\n');
  });

  it('of which the open shell dies alone is connected to again, though a stream still uses the connection', async () => {
    const target = lab.target('plain');
    const trial = await target.openTrial({ ...TRIAL, directory: 'alone' });
    await target.run('kill -KILL $$').catch(() => undefined);
    await lostWithin(KNOWN_WITHIN_MS, () => target.run('kill -KILL $$'));
    await target.reconnect(() => undefined);
    assert.equal((await target.run('echo again')).stdout, 'again\n');
    trial.close();
    assert.deepEqual(await target.endTrial('alone', 0), { left: [], ended: true });
    await target.leave();
  });

  it('keeps what a change has left running out of the answers to later requests', async () => {
    const target = lab.target('plain');
    await target.facts();
    const loop =
      'sleep 0.2; i=0; while [ $i -lt 100 ]; do echo noise $i; echo noise >&2; i=$((i+1)); sleep 0.01; done';
    const { stdout } = await target.change(`echo started; ( ${loop} ) &`);
    assert.equal(stdout, 'started\n');
    for (let i = 0; i < 20; i++) {
      const said = await target.run('sleep 0.03; echo mine');
      assert.deepEqual([said.stdout, said.stderr], ['mine\n', '']);
    }
    assert.deepEqual(await target.change('echo out; echo err >&2; exit 3'), {
      ...{ exitCode: 3, stdout: 'out\n', stderr: 'err\n' },
    });
    assert.equal((await target.change('if')).exitCode, 2, 'a mistake in it is its own');
    await target.leave();
  });

  it('is closed by who closes it, also while it is being connected to', async () => {
    const target = lab.target('plain');
    await target.close();
    const connecting = target.reconnect(() => undefined);
    connecting.catch(() => undefined);
    await target.close();
    await assert.rejects(connecting, LinkLost);
    await until('nothing is connected', () => connectionsOf(lab.servers.pid('plain')).length === 0);
  });

  it('has a command that takes too long killed, with all that it started', async () => {
    const target = lab.target('plain');
    // A new shell, which may be as old as the request to the clock's tick.
    await target.close();
    const { exitCode } = await target.run('sleep 7654 & sleep 7654', { timeoutMs: 300 });
    assert.equal(exitCode, null);
    await until('both are gone', () => processesWith('sleep 7654').length === 0);
    assert.equal((await target.run('echo on')).stdout, 'on\n', 'and the shell goes on');
  });
});

/** The processes that sshd forked, one a connection. */
function connectionsOf(listener: number): number[] {
  return processesWith('sshd').filter((pid) => parentOf(pid) === listener);
}
