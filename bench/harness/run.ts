/**
 * `npm run bench [-- name ...]`: the harness's own benchmarks. They print ratios and assert nothing. An
 * argument with a slash is not a name but a run to read: `npm run bench -- visits reports/sample`.
 */
import { benchAnalysis } from './analysis.ts';
import { benchCampaign } from './campaign.ts';
import { benchDispatch } from './dispatch.ts';
import { benchLabUp } from './lab-up.ts';
import { benchLongRun } from './long-run.ts';
import { benchOverhead } from './overhead.ts';
import { benchRecovery } from './recovery.ts';
import { benchRestored } from './restored.ts';
import { benchTargets } from './targets.ts';
import { benchStatistics } from './statistics.ts';
import { benchVisits } from './visits.ts';

const BENCHMARKS: Record<string, (runs: readonly string[]) => Promise<void> | void> = {
  dispatch: benchDispatch,
  overhead: benchOverhead,
  campaign: benchCampaign,
  targets: benchTargets,
  statistics: benchStatistics,
  analysis: benchAnalysis,
  visits: benchVisits,
  recovery: benchRecovery,
  restored: benchRestored,
  'lab-up': benchLabUp,
  'long-run': benchLongRun,
};

/** Long ones only run when named. */
const LONG = ['lab-up', 'long-run', 'recovery', 'restored'];

const runs = process.argv.slice(2).filter((word) => word.includes('/'));
const wanted = process.argv.slice(2).filter((word) => !word.includes('/'));
const unknown = wanted.filter((name) => !(name in BENCHMARKS));
if (unknown.length > 0) {
  process.stderr.write(
    `no benchmark ${unknown.join(', ')}; expected: ${Object.keys(BENCHMARKS).join(', ')}\n`,
  );
  process.exit(2);
}
for (const [name, run] of Object.entries(BENCHMARKS)) {
  if (wanted.length > 0 ? !wanted.includes(name) : LONG.includes(name)) continue;
  process.stdout.write(`\n== ${name}\n`);
  await run(runs);
}
