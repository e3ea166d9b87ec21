/** Whole runs over ssh on targets whose kernel seems to have counters of energy, which each run of the workload moves on. It needs root. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type Servers, startServers } from '../../bench/loopback/sshd.ts';
import type { Results } from '../../src/compare/results.ts';
import { runExperiment } from '../../src/run/index.ts';
import { EnergyTree } from '../support/energy-tree.ts';

const RANGE = 100e6;
const EACH = 7e6;

describe('a run on targets with counters of energy', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vgpubench-energy-'));
  const tree = (alias: string) =>
    new EnergyTree(join(folder, alias)).rapl('intel-rapl:0', 'package-0', 60e6, RANGE);
  let servers: Servers;
  let results: Results;
  before(async () => {
    tree('counts');
    tree('hidden').hide('intel-rapl:0');
    mkdirSync(join(folder, 'none/class'), { recursive: true });
    const specs = ['counts', 'hidden', 'none'].map((alias) => ({
      alias,
      within: [
        ...['unshare', '--mount', '--propagation', 'private', 'sh', '-c'],
        ...[`mount --bind ${folder}/${alias}/class /sys/class; exec "$@"`, 'sh'],
      ],
    }));
    servers = await startServers(specs, join(folder, 'sshd'));
    const counter = join(folder, 'counts/class/powercap/intel-rapl:0/energy_uj');
    const file = join(folder, 'energy.yaml');
    writeFileSync(
      file,
      `name: energy
same-machine: allowed
baseline: counts
targets: { ${specs.map(({ alias }) => `${alias}: { ssh: ${alias}, config: ${servers.sshConfig} }`).join(', ')} }
modes: { ${specs.map(({ alias }) => `${alias}: { use: native, on: ${alias}, hypervisor: allowed }`).join(', ')} }
workloads:
  - { use: command, name: w, run: "echo $((($(cat ${counter}) + ${EACH}) % ${RANGE})) >${counter}; echo 'speed: 42'", metric: { pattern: "speed: {value}", unit: GB/s, better: higher } }
design: { blocks: 4, warmup: 1, samples: 3 }
limits: { trial: 30s }
`,
    );
    ({ results } = await runExperiment(file, { out: join(folder, 'run') }));
  });
  after(async () => {
    await servers.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('tells what each operation took, also where the counter met its range, and else why not', () => {
    const found = results.energyCosts!.map(({ mode, source, joules, why }) => [
      mode,
      source,
      joules,
      why?.slice(0, 12),
    ]);
    assert.deepEqual(
      found.toSorted(([a], [b]) => String(a).localeCompare(String(b))),
      [
        ['counts', 'cpu', EACH / 1e6, undefined],
        ['hidden', 'cpu', null, 'its counter '],
        ['none', 'cpu', null, 'its host has'],
      ],
    );
  });

  it('has them in a file', () => {
    assert.match(readFileSync(join(folder, 'run/energy.csv'), 'utf8'), /^counts,w,cpu,7,/m);
  });
});
