/**
 * The workload's share of a trial's wall time: a real run, over SSH, of a program of about 100 ms, read from
 * its journal. From the end of the first sample to the end of the last.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { readRun } from '../../src/record/read-run.ts';
import { median } from '../../src/statistics/quantile.ts';
import { startServers } from '../loopback/sshd.ts';

const EXPERIMENT = (sshConfig: string) => `
name: overhead
targets: { a: { ssh: overhead, config: ${sshConfig} } }
modes: { native: { use: native, on: a, hypervisor: allowed } }
workloads: [{ use: command, name: sleep, run: /bin/sleep 0.1, metric: { duration: true } }]
design: { blocks: 3, warmup: 1, samples: 40 }
`;

export async function benchOverhead(): Promise<void> {
  const servers = await startServers([{ alias: 'overhead' }]);
  const directory = mkdtempSync(join(tmpdir(), 'vgb-overhead-'));
  try {
    writeFileSync(join(directory, 'overhead.yaml'), EXPERIMENT(servers.sshConfig));
    const run = join(directory, 'run');
    const program = join(import.meta.dirname, '../../bin/vgpubench');
    await execa(process.execPath, [program, 'run', join(directory, 'overhead.yaml'), '--out', run]);
    const shares = sharesOf(run);
    const figures = shares.map((share) => `${(share * 100).toFixed(1)}%`).join(', ');
    process.stdout.write(`the workload's share of wall time, samples of 100 ms, by trial: ${figures}\n`);
    process.stdout.write(`median ${(median(shares) * 100).toFixed(1)}%   (wanted: at least 98%)\n`);
  } finally {
    rmSync(directory, { recursive: true, force: true });
    await servers.stop();
  }
}

function sharesOf(run: string): number[] {
  const { plan, record } = readRun(run);
  return plan.trials.map(({ id }) => {
    const { pace, table } = record.trials.get(id) ?? {};
    if (pace == null || table === undefined || pace.samples < 2) throw new Error(`no samples of ${id}`);
    const measured = [...table.guestRuns()].filter(({ warmup }) => !warmup);
    const busyNs = measured.slice(1).reduce((sum, { durationNs }) => sum + durationNs, 0);
    return busyNs / 1e6 / (pace.lastMs - pace.firstMs);
  });
}
