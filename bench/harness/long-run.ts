/**
 * Whether a run of 20,000 trials gets slower or larger over time: the time per trial, and the harness's
 * memory, over the first thousand and the last. Each trial is a sample of a no-op program, on one target on
 * this machine.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { readEvents } from '../../src/record/read-journal.ts';
import { median } from '../../src/statistics/quantile.ts';
import { startServers } from '../loopback/sshd.ts';

const TRIALS = Number(process.env['TRIALS'] ?? 20_000);
const WORKLOADS = 100;
const SHOWN = Math.min(1000, TRIALS / 4);

export async function benchLongRun(): Promise<void> {
  const servers = await startServers([{ alias: 's' }]);
  const folder = mkdtempSync(join(tmpdir(), 'vgb-long-run-'));
  try {
    const file = join(folder, 'long-run.yaml');
    writeFileSync(file, experimentText(servers.sshConfig));
    const directory = join(folder, 'run');
    const program = join(import.meta.dirname, '../../bin/vgpubench');
    const running = execa(process.execPath, [program, 'run', file, '--out', directory, '--quiet'], {
      reject: false,
    });
    const memory = watch(running.pid ?? 0);
    const { exitCode } = await running;
    show(directory, exitCode ?? -1, memory());
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await servers.stop();
  }
}

function experimentText(sshConfig: string): string {
  const workloads = Array.from(
    { length: WORKLOADS },
    (_, index) => `  - { use: command, name: w${index}, run: /bin/true, metric: { duration: true } }`,
  );
  return `name: long-run
targets: { t: { ssh: s, config: ${sshConfig} } }
modes: { native: { use: native, on: t, hypervisor: allowed } }
workloads:
${workloads.join('\n')}
design: { blocks: ${TRIALS / WORKLOADS}, warmup: 0, samples: 1 }
`;
}

interface Seen {
  atMs: number;
  memoryMib: number;
}

/** Monitors a process: the returned function gives its size at each moment. */
function watch(pid: number): () => Seen[] {
  const seen: Seen[] = [];
  const timer = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      seen.push({ atMs: Date.now(), memoryMib: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024 });
    } catch {
      clearInterval(timer);
    }
  }, 250);
  return () => {
    clearInterval(timer);
    return seen;
  };
}

function show(directory: string, exitCode: number, memory: readonly Seen[]): void {
  const ends = [...readEvents(join(directory, 'journal.jsonl'))].flatMap((event) =>
    event.type === 'trial-ended' ? [Date.parse(event.wall)] : [],
  );
  process.stdout.write(`${ends.length} of ${TRIALS} trials, exit ${exitCode}\n`);
  const line = (what: string, some: readonly number[]) => {
    const [from = NaN, to = NaN] = [some[0], some.at(-1)];
    const sizes = memory.filter(({ atMs }) => atMs >= from && atMs <= to).map(({ memoryMib }) => memoryMib);
    const each = (to - from) / (some.length - 1);
    const size = sizes.length === 0 ? NaN : median(sizes);
    process.stdout.write(`  ${what}: ${each.toFixed(1)} ms per trial, ${size.toFixed(0)} MiB\n`);
    return [each, size] as const;
  };
  const first = line(`the first ${SHOWN}`, ends.slice(0, SHOWN));
  const last = line(`the last ${SHOWN} `, ends.slice(-SHOWN));
  process.stdout.write(
    `  last ÷ first: ${(last[0] / first[0]).toFixed(2)} in time, ${(last[1] / first[1]).toFixed(2)} in memory\n`,
  );
}
