/** A guest with little or no room where results are kept. On a machine of the test's own: it needs root. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { execa } from 'execa';
import { type Servers, startServers } from '../../bench/loopback/sshd.ts';
import { sweepControlDirectories } from '../../src/process/control-directory.ts';
import { resumeRun, runExperiment } from '../../src/run/index.ts';
import { NoRoom } from '../../src/target/no-room.ts';
import { Target } from '../../src/target/target.ts';
import { vgpubench } from '../support/cli.ts';
import { eventsIn } from '../support/events.ts';
import { machineOf, machinesFolder } from '../support/machine.ts';
import { until } from '../support/processes.ts';

describe('a guest without much room', () => {
  let folder = '';
  let servers: Servers;
  before(async () => {
    folder = machinesFolder();
    const users = [{ name: 'alice', uid: 4401 }];
    servers = await startServers(
      [{ alias: 'guest', user: 'alice', ...machineOf(join(folder, 'guest'), users) }],
      join(folder, 'sshd'),
    );
  });
  after(async () => {
    await servers.stop();
    // The harness that was killed here had no next one once its ssh had ended.
    await sweepControlDirectories();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Changes the machine from outside, as root. */
  const change = (script: string) =>
    execa('nsenter', ['-t', String(servers.pid('guest')), '-m', 'sh', '-c', script]);
  const shm = (size: string) => change(`mount -o remount,size=${size} /dev/shm`);

  function target(): Target {
    const owner = { token: randomBytes(8).toString('hex'), who: 'a test' };
    const address = { ssh: 'guest', config: servers.sshConfig };
    return new Target('guest', address, folder, undefined, { owner, roomKib: 4096 });
  }
  const trial = { environment: {}, outputBytes: 1e7, fileBytes: 1e8, giveUpMs: 60_000, begun: false };

  it('has its results kept elsewhere where memory is nearly full, and says so', async () => {
    await shm('2m');
    const guest = target();
    const { scratch, remarks } = await guest.facts();
    assert.equal(scratch, '/tmp');
    assert.match(remarks.join(), /^no files in \/dev\/shm: \d+ KiB free, 4096 wanted; they are in \/tmp$/);
    await guest.leave();
    await guest.close();
  });

  it('is known to have none once it is full, and the next trial’s are kept elsewhere', async () => {
    await shm('8m');
    const guest = target();
    const first = await guest.openTrial({
      ...trial,
      directory: 'first',
      command: 'setsid sleep 321 >/dev/null 2>&1 </dev/null & echo one',
    });
    assert.equal((await first.run('s0')).stdout.toString(), 'one\n');
    await change('head -c 9000000 /dev/zero >/dev/shm/fill 2>/dev/null; :');
    await assert.rejects(first.run('s1'), NoRoom);
    first.close();
    guest.full();
    const { left, ended } = await guest.endTrial('first', 0);
    assert.deepEqual([left.map(({ name }) => name), ended], [['sleep'], true], 'it is ended where it began');
    const second = await guest.openTrial({ ...trial, directory: 'second', command: 'echo two' });
    assert.equal((await second.run('s0')).stdout.toString(), 'two\n');
    assert.equal((await guest.facts()).scratch, '/tmp');
    second.close();
    await guest.endTrial('second', 0);
    await change('rm /dev/shm/fill');
    await guest.leave();
    assert.equal(
      (await guest.run('ls -A /dev/shm /tmp')).stdout,
      '/dev/shm:\n\n/tmp:\n',
      'both places are cleared',
    );
    await guest.close();
  });

  const experiment = (workload: string, output: string) => `name: room
targets: { guest: { ssh: guest, config: ${servers.sshConfig} } }
modes: { native: { use: native, on: guest, hypervisor: allowed } }
workloads: [{ use: command, name: w, run: ${JSON.stringify(workload)}, metric: { pattern: "speed: {value}", unit: GB/s, better: higher } }]
design: { blocks: 2, warmup: 0, samples: 2 }
limits: { trial: 30s, output: ${output} }
`;

  it('that cuts a workload’s output short fails that trial by name, and goes on', async () => {
    await shm('8m');
    const file = join(folder, 'short.yaml');
    // The first time it is run it fills what there is; its own output is cut then.
    const fill = '[ -e ~/once ] || { : >~/once; head -c 7000000 /dev/zero >/dev/shm/fill; }';
    const print = `head -c 1500000 /dev/zero | tr '\\0' x; echo; echo 'speed: 42'`;
    writeFileSync(file, experiment(`${fill}; ${print}`, '1900KiB'));
    const directory = join(folder, 'short');
    const { exitCode, results } = await runExperiment(file, { out: directory });
    assert.equal(exitCode, 4);
    assert.deepEqual([results.trials.completed, results.unsuccessful.length], [1, 1]);
    const [failed] = results.unsuccessful;
    assert.match(failed?.outcome.kind === 'failed' ? failed.outcome.reason : '', /no space for results/);
    await change('rm /dev/shm/fill');
    const events = eventsIn(directory);
    const scratches = events.flatMap((event) => (event.type === 'target-ready' ? [event.scratch] : []));
    assert.deepEqual(scratches, ['/dev/shm', '/tmp'], 'each place is written down before a trial has it');
    const again = events.findLastIndex(({ type }) => type === 'trial-started');
    assert.ok(events.findLastIndex(({ type }) => type === 'target-ready') < again);
  });

  it('has what it kept found again, wherever that was, by a run that was killed and goes on', async () => {
    await shm('2m');
    const file = join(folder, 'killed.yaml');
    const ran = join(folder, 'guest', 'alice', 'ran');
    writeFileSync(file, experiment(`echo run >>~/ran; sleep 1; echo 'speed: 42'`, '1MiB'));
    const directory = join(folder, 'killed');
    const running = vgpubench(['run', file, '--out', directory], folder);
    await until('a sample runs', () => existsSync(ran));
    running.kill('SIGKILL');
    await running;
    await shm('64m');
    const { exitCode } = await resumeRun(directory);
    assert.equal(exitCode, 0);
    assert.equal(readFileSync(ran, 'utf8'), 'run\n'.repeat(4), 'no sample was taken twice');
    assert.equal(eventsIn(directory).filter(({ type }) => type === 'sample').length, 4);
    const left = await change('ls -A /dev/shm /tmp');
    assert.equal(left.stdout, '/dev/shm:\n\n/tmp:');
  });
});
