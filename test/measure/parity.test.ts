/** A guest that is not on a par with its baseline, on a described host by real SSH. */
import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { runExperiment } from '../../src/run/run.ts';
import { experimentIn } from '../support/described/measured.ts';
import { Pvdrm } from '../support/described/pvdrm.ts';
import { describedXen } from '../support/described/suite.ts';

const MODES = `  native: { use: native, on: dom0, driver: nouveau, hypervisor: allowed }
  pvdrm: { use: pvdrm, on: guest1 }`;

describe('a guest with twice the CPUs and another binary', () => {
  const xen = describedXen(['guest1'], (host) => new Pvdrm(host));
  const run = async (parity?: string) => {
    const [guest] = xen.host.guests;
    assert.ok(guest);
    // In place: it is bound to where it is read.
    const cpuinfo = join(guest.directory, 'cpuinfo');
    const one = readFileSync(join(xen.host.dom0.directory, 'cpuinfo'), 'utf8');
    writeFileSync(cpuinfo, one + one);
    guest.install('mmul');
    appendFileSync(join(guest.directory, 'bin/mmul'), '# built otherwise\n');
    const file = experimentIn(xen, { modes: MODES });
    if (parity !== undefined)
      writeFileSync(file, readFileSync(file, 'utf8').replace('baseline:', `parity: ${parity}\nbaseline:`));
    const out = join(file, '../run');
    const { exitCode, results } = await runExperiment(file, { out });
    const summary = readFileSync(join(out, 'summary.md'), 'utf8');
    return { exitCode, ratio: results.comparisons[0]?.ratio ?? null, summary };
  };

  it('has both named beside the figures', async () => {
    const { exitCode, ratio, summary } = await run();
    assert.equal(exitCode, 0);
    assert.ok(ratio !== null);
    assert.match(summary, /pvdrm: \d+ CPUs, where native has \d+ CPUs; .*a program of mmul with the digest/);
  });

  it('is not compared where parity is required, which is told, with exit code 4', async () => {
    const { exitCode, ratio, summary } = await run('required');
    assert.deepEqual([exitCode, ratio], [4, null]);
    assert.match(summary, /pvdrm: .*Because of parity: required, it is not compared/);
  });
});
