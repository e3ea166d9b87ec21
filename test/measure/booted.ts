/** Experiments of a described computer that is booted with Xen and without. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach } from 'node:test';
import { readRun } from '../../src/record/read-run.ts';
import { runExperiment } from '../../src/run/run.ts';
import { HostBoots } from '../support/described/host-boots.ts';
import { Pvdrm } from '../support/described/pvdrm.ts';
import { describedXen } from '../support/described/suite.ts';

export const NATIVE = '  native: { use: native, on: bare, driver: nouveau }';
export const DOM0 = '  dom0: { use: native, on: dom0, driver: nouveau, hypervisor: allowed }';
export const PVDRM = '  pvdrm: { use: pvdrm, on: guest1 }';

/** For the suite that calls it; up as it was at first after each of its tests. */
export function bootedXen() {
  let boots: HostBoots | undefined;
  const xen = describedXen(['guest1'], (host) => {
    new Pvdrm(host);
    boots = new HostBoots(host);
  });
  const made = (): HostBoots => {
    if (boots === undefined) throw new Error('the host is made before the suite’s tests');
    return boots;
  };
  afterEach(() => {
    made().renew();
  });

  /** @returns the file of an experiment there, in a folder of its own */
  function experiment({
    hasReset = true,
    blocks = 2,
    workload = 'mmul 20',
    modes = [NATIVE, DOM0],
  } = {}): string {
    const file = join(mkdtempSync(join(xen.folder, 'run-')), 'experiment.yaml');
    writeFileSync(
      file,
      `name: booted
baseline: ${/ (\w+):/.exec(modes[0] ?? '')?.[1] ?? ''}
machines:
  nv: ${made().machine('5s', hasReset)}
targets:
${xen.targets('dom0', 'nv')}
modes:
${modes.join('\n')}
workloads:
  - { use: command, name: mmul, run: '${workload}', metric: { pattern: 'GFLOPS: {value}', unit: GFLOP/s, better: higher } }
design: { blocks: ${blocks}, samples: 2, warmup: 0 }
`,
    );
    return file;
  }

  async function run(file: string) {
    const directory = join(file, '../run');
    const outcome = await runExperiment(file, { out: directory });
    return { ...outcome, ...readRun(directory) };
  }

  return {
    xen,
    get boots() {
      return made();
    },
    experiment,
    run,
  };
}
