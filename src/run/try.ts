import { parseDocument } from 'yaml';
import { loadExperiment, parseExperiment } from '../experiment/load.ts';
import { reportRun } from './report.ts';
import { type RunOptions, runLoaded } from './run.ts';
import type { Outcome } from './session.ts';

export interface TryOptions extends Omit<RunOptions, 'gate' | 'margin'> {
  /** A folder for a copy of what was found that is safe to share: without names of hosts, users and paths. */
  transcript?: string | undefined;
}

/**
 * Enters every mode of an experiment once, attests it, takes one sample of each workload, and leaves it: a
 * run of its own, whose undos `restoreRun` finds.
 * @throws Problem like `runExperiment`
 */
export async function tryExperiment(
  file: string,
  { transcript, ...options }: TryOptions = {},
): Promise<Outcome> {
  const source = once(loadExperiment(file).source);
  const outcome = await runLoaded({ experiment: parseExperiment(source, file), source, file }, options);
  if (transcript === undefined) return outcome;
  const { unmade } = reportRun(outcome.directory, { redact: true, out: transcript });
  return { ...outcome, unmade: [...outcome.unmade, ...unmade] };
}

/** The experiment file reduced to one block of one sample, under another name: its figures don't count. */
function once(source: string): string {
  const document = parseDocument(source, { merge: true });
  document.set('name', `${String(document.get('name')).slice(0, 59)}-try`);
  for (const [key, value] of Object.entries({ blocks: 1, samples: 1, warmup: 0, aa: false, pilot: false }))
    document.setIn(['design', key], value);
  for (const key of ['precision', 'budget']) document.deleteIn(['design', key]);
  return String(document);
}
