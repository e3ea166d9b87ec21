/** Two GPUs in one experiment, on two described hosts, by real SSH. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { readRun } from '../../src/record/read-run.ts';
import { runExperiment } from '../../src/run/run.ts';
import { measured, reasons } from '../support/described/measured.ts';
import { Pvdrm } from '../support/described/pvdrm.ts';
import { describedXen } from '../support/described/suite.ts';
import { Xengt } from '../support/described/xengt.ts';

describe('modes on two GPUs', () => {
  let pvdrm: Pvdrm;
  const nvidia = describedXen(['guest1'], (host) => (pvdrm = new Pvdrm(host)));
  const intel = describedXen(['guest2'], (host) => new Xengt(host));
  after(() => {
    pvdrm.faults = {};
  });

  it('are compared each with the baseline on its own, and with no other', async () => {
    const file = join(nvidia.folder, 'two.yaml');
    writeFileSync(
      file,
      `name: two
baseline: native
targets:
${nvidia.targets()}
${intel.targets('dom0-i')}
modes:
  native: { use: native, on: dom0, driver: nouveau, hypervisor: allowed }
  pvdrm: { use: pvdrm, on: guest1 }
  native-i915: { use: native, on: dom0-i, driver: i915, hypervisor: allowed }
  mediated: { use: xengt, on: guest2, baseline: native-i915 }
  wrong: { use: xengt, on: guest2, baseline: native }
workloads:
  - { use: command, name: mmul, run: 'mmul 10', metric: { pattern: 'GFLOPS: {value}', unit: GFLOP/s, better: higher } }
design: { blocks: 2, samples: 2, warmup: 0 }
`,
    );
    const out = join(nvidia.folder, 'two');
    const { results, exitCode } = await runExperiment(file, { out });
    assert.deepEqual([exitCode, results.unsuccessful], [0, []]);
    assert.deepEqual(
      results.comparisons.map(({ mode, baseline, ratio }) => [mode, baseline, ratio !== null]),
      [
        ['pvdrm', 'native', true],
        ['mediated', 'native-i915', true],
        ['wrong', 'native', false],
      ],
    );
    const [told] = results.warnings.filter(({ code }) => code === 'other-gpu');
    assert.match(
      told?.text ?? '',
      /^wrong is not compared with native: their GPUs differ \(8086:0416 at 0000:00:02\.0 of machine [0-9a-f]{8}, and 10de:1b80 at 0000:01:00\.0 of machine [0-9a-f]{8}\)/,
    );
    const { gpus } = readRun(out).record;
    assert.equal(gpus.get('pvdrm')?.get('guest1'), gpus.get('native')?.get('dom0'), 'one GPU, whichever way');
  });

  it('are void where another GPU than before does the work', async () => {
    const modes = `  native: { use: native, on: dom0, driver: nouveau, hypervisor: allowed }
  pvdrm: { use: pvdrm, on: guest1 }`;
    let moved = false;
    const watch = setInterval(() => {
      if (moved || !nvidia.host.asked.some((line) => line === 'guest1 mmul 20')) return;
      moved = true;
      // As after a boot that numbers the buses anew.
      pvdrm.faults = { address: '0000:02:00.0' };
      nvidia.host.dom0.gpu('0000:02:00.0', ['10de', '1b80'], 'nouveau');
    }, 5);
    const made = await measured(nvidia, { modes, blocks: 3 });
    clearInterval(watch);
    assert.equal(made.exitCode, 4);
    assert.match(
      reasons(made, 'pvdrm').join('\n'),
      /void: .*guest1: its GPU is still 10de:1b80 at 0000:01:00\.0 .*\(10de:1b80 at 0000:02:00\.0/,
    );
  });
});
