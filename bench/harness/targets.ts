/**
 * How long it takes to greet 1, 10, 50 and 200 targets, and what a run on all of them at once costs the
 * harness: open files and memory at their peak, and samples per second; and how far apart the targets start,
 * as far as that can be known.
 */
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { readEvents } from '../../src/record/read-journal.ts';
import { median } from '../../src/statistics/quantile.ts';
import { startServers } from '../loopback/sshd.ts';

const TARGETS = [1, 10, 50, 200];
const SERVERS = 10;
const SAMPLES = 5;

export async function benchTargets(): Promise<void> {
  const aliases = Array.from({ length: SERVERS }, (_, index) => `s${index}`);
  const servers = await startServers(aliases.map((alias) => ({ alias })));
  const folder = mkdtempSync(join(tmpdir(), 'vgb-targets-'));
  try {
    for (const targets of TARGETS) {
      const file = join(folder, `${targets}.yaml`);
      writeFileSync(file, experimentText(servers.sshConfig, targets));
      const directory = join(folder, String(targets));
      const program = join(import.meta.dirname, '../../bin/vgpubench');
      const running = execa(process.execPath, [program, 'run', file, '--out', directory], { reject: false });
      const peak = watch(running.pid ?? 0);
      const { exitCode } = await running;
      show(directory, targets, exitCode ?? -1, peak());
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await servers.stop();
  }
}

function experimentText(sshConfig: string, targets: number): string {
  const names = Array.from({ length: targets }, (_, index) => `t${index}`);
  return `name: targets
same-machine: allowed
targets:
${names.map((name, index) => `  ${name}: { ssh: s${index % SERVERS}, config: ${sshConfig} }`).join('\n')}
modes: { native: { use: native, on: [${names.join(', ')}], hypervisor: allowed } }
workloads: [{ use: command, name: w, run: /bin/sleep 0.1, metric: { duration: true } }]
design: { blocks: 1, warmup: 0, samples: ${SAMPLES} }
`;
}

/**
 * Monitors a process: the returned function gives its maximum number of open files, and its peak memory in
 * MiB.
 */
function watch(pid: number): () => { files: number; memoryMib: number } {
  let [files, memoryMib] = [0, 0];
  const timer = setInterval(() => {
    try {
      files = Math.max(files, readdirSync(`/proc/${pid}/fd`).length);
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      memoryMib = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
    } catch {
      clearInterval(timer);
    }
  }, 100);
  return () => {
    clearInterval(timer);
    return { files, memoryMib };
  };
}

function show(
  directory: string,
  targets: number,
  exitCode: number,
  peak: { files: number; memoryMib: number },
): void {
  const events = [...readEvents(join(directory, 'journal.jsonl'))];
  const ready = events.filter(({ type }) => type === 'target-ready');
  const lost = events.filter((event) => event.type === 'incident' && event.kind === 'link').length;
  const greetedS = ((ready.at(-1)?.atMs ?? NaN) - (events[0]?.atMs ?? NaN)) / 1000;
  const spreads = events.flatMap((event) => (event.type === 'sample' ? [event] : []));
  const ms = (of: (event: (typeof spreads)[number]) => number | null | undefined) =>
    (median(spreads.map((event) => of(event) ?? NaN)) / 1e6).toFixed(1);
  process.stdout.write(
    `${ready.length} of ${targets} targets were greeted in ${greetedS.toFixed(1)} s   (wanted: under 20 s on 2 cores)\n`,
  );
  process.stdout.write(
    `  ${lost} links lost, exit ${exitCode}, ${spreads.length} samples of all of them together, ${rateOf(spreads, targets)} per second\n`,
  );
  process.stdout.write(`  at most ${peak.files} open files, ${peak.memoryMib.toFixed(0)} MiB\n`);
  process.stdout.write(
    `  start spread ${ms(({ startSpreadNs }) => startSpreadNs)} ms, known to ${ms(({ startSpreadWithinNs }) => startSpreadWithinNs)} ms (medians)\n`,
  );
}

/** Samples of single targets per second, from the first to the last. */
function rateOf(samples: readonly { atMs: number }[], targets: number): string {
  const spanS = ((samples.at(-1)?.atMs ?? NaN) - (samples[0]?.atMs ?? NaN)) / 1000;
  return (((samples.length - 1) * targets) / spanS).toFixed(1);
}
