/**
 * A lab on a machine that has no time for it: two busy loops beside it, and its machines stopped for 2 s now and then. By
 * that, a clock that another one watches over is given up.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { readState } from '../../src/lab/life/state.ts';
import { labPaths } from '../../src/lab/paths.ts';
import { readRun } from '../../src/record/read-run.ts';
import { NEUTRAL, PROGRAM } from '../support/cli.ts';
import { testFolder } from '../support/directory.ts';
import { LAB_CACHE as cache } from '../support/lab.ts';

const EXPERIMENT = `
name: kept-waiting
targets: { bare: { lab: bare }, dom0: { lab: dom0 }, g1: { lab: g1, host: dom0 } }
modes:
  native: { use: lab-native, on: bare }
  mediated: { use: lab-mediated, on: g1, slice: 32MiB }
workloads:
  - { use: command, name: loop, run: loop 200000, metric: { name: time, field: totalNs, unit: ns, better: lower } }
design: { blocks: 4, warmup: 1, samples: 3 }
limits: { trial: 60s }
`;

const NAME = 'kept-waiting';
const BOUND_S = 540;

describe('a lab that is kept waiting', { timeout: 10 * 60_000 }, () => {
  const folder = testFolder();
  const lab = (...args: string[]) =>
    execa(process.execPath, [...PROGRAM, 'lab', ...args], {
      reject: false,
      timeout: BOUND_S * 1000,
      stdin: 'ignore',
      env: { ...NEUTRAL, VGPUBENCH_LAB_CACHE: cache, VGPUBENCH_LAB: NAME },
    });
  // In case the test is killed, they end by themselves.
  const busy = [1, 2].map(() => spawn('timeout', [`${BOUND_S}`, 'sh', '-c', 'while :; do :; done']));
  after(async () => {
    for (const loop of busy) loop.kill();
    await lab('down');
  });

  it('tells time by the same clocks to the end', async () => {
    const up = await lab('up', '--guests', '1');
    assert.equal(up.exitCode, 0, up.stderr);
    const machines = (await readState(labPaths(cache, NAME)))?.processes ?? [];
    const boxes = machines.filter(({ name }) => name.endsWith('-qemu')).map(({ pid }) => pid);
    assert.equal(boxes.length, 2);

    const file = join(folder, 'experiment.yaml');
    writeFileSync(file, EXPERIMENT);
    const out = join(folder, 'run');
    const running = lab('run', file, '--out', out);
    const ended = running.then(() => 'ended');
    let stops = 0;
    while ((await Promise.race([ended, sleep(3000)])) !== 'ended') {
      for (const pid of boxes) process.kill(pid, 'SIGSTOP');
      await sleep(2000);
      for (const pid of boxes) process.kill(pid, 'SIGCONT');
      stops++;
    }
    const { exitCode, stderr } = await running;
    assert.equal(exitCode, 0, stderr);
    assert.ok(stops > 3, `they were stopped ${stops} times`);
    for (const machine of ['bare', 'dom0', 'g1']) {
      if (machine === 'g1') assert.equal((await lab('ssh', 'dom0', 'vgpu-mode mediated g1')).exitCode, 0);
      const source = 'cat /sys/devices/system/clocksource/clocksource0/current_clocksource';
      assert.equal((await lab('ssh', machine, source)).stdout, 'tsc', machine);
    }
    const { record } = readRun(out);
    const ends = [...record.trials.values()].map(({ outcome }) => outcome?.kind);
    assert.deepEqual(ends, Array(8).fill('completed'));
  });
});
