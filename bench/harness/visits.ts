/**
 * Where the time of runs goes, from their journals: per visit without its trials, per trial without its work,
 * and the workloads' own share, which is each sample's time by its guest's clock, including warm-ups. By
 * default it makes a run of the quickstart, for which it brings the lab up and takes it down again.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { readEvents } from '../../src/record/read-journal.ts';

export async function benchVisits(runs: readonly string[]): Promise<void> {
  for (const run of runs) show(run);
  if (runs.length > 0) return;
  const folder = mkdtempSync(join(tmpdir(), 'vgb-visits-'));
  try {
    const program = join(import.meta.dirname, '../../bin/vgpubench');
    const run = join(folder, 'quickstart');
    await execa(process.execPath, [program, 'quickstart', '--out', run], {
      stdout: 'ignore',
      stderr: 'inherit',
    });
    show(run);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function show(run: string): void {
  let [began, ended, trialBegan, visits, trials, inTrials, work] = [NaN, 0, 0, 0, 0, 0, 0];
  for (const event of readEvents(join(run, 'journal.jsonl'))) {
    if (Number.isNaN(began)) began = event.atMs;
    ended = event.atMs;
    if (event.type === 'attested' && event.when === 'before') visits++;
    if (event.type === 'trial-started') trialBegan = event.atMs;
    if (event.type === 'sample')
      work += Math.max(...event.guests.map(({ durationNs }) => durationNs ?? 0)) / 1e6;
    if (event.type === 'trial-ended') {
      trials++;
      inTrials += event.atMs - trialBegan;
    }
  }
  const wall = ended - began;
  process.stdout.write(
    `${basename(run)}: ${trials} trials in ${visits} visits, ${(wall / 1000).toFixed(1)} s\n` +
      `  work as a share of wall time      ${((100 * work) / wall).toFixed(1)}%\n` +
      `  per visit, without its trials      ${((wall - inTrials) / visits).toFixed(0)} ms\n` +
      `  per trial, without its work        ${((inTrials - work) / trials).toFixed(0)} ms\n`,
  );
}
