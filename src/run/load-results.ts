import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { resultsOf } from '../compare/compare.ts';
import { type Results, RESULTS_FORMAT, resultsSchema } from '../compare/results.ts';
import { readText } from '../experiment/read-text.ts';
import { Problem, messageOf } from '../problem.ts';
import { readRun } from '../record/read-run.ts';
import { FILES } from '../record/run-directory.ts';
import { expectation, firstIssue } from '../words/expectation.ts';

const MOST_BYTES = 2 ** 28;

/** The results of a run directory, from its journal if it has one, or of a results.json. @throws Problem */
export function loadResults(path: string): Results {
  if (existsSync(join(path, FILES.journal))) {
    const { experiment, plan, record } = readRun(path);
    return resultsOf(experiment, plan, record);
  }
  try {
    const file = statSync(path).isDirectory() ? join(path, FILES.results) : path;
    const value: unknown = JSON.parse(readText(file, MOST_BYTES));
    const parsed = resultsSchema.safeParse(modern(value), { error: expectation });
    if (parsed.success) {
      // Options may be any JSON, and are compared as text: too deeply nested ones are rejected here.
      JSON.stringify(parsed.data.specification);
      requireBootsOfAll(parsed.data);
      return parsed.data;
    }
    throw new Error(firstIssue(parsed.error));
  } catch (error) {
    throw new Problem({
      code: 'VGB-RESULTS-READ',
      message: `cannot read the results of ${path}`,
      expected: `a run directory, or a results.json of format 1 to ${RESULTS_FORMAT}`,
      found: messageOf(error),
      next: 'if you have the run’s journal, make it again: vgpubench report RUN',
    });
  }
}

/** @throws Error if boots are known for only some trials, which no run writes. */
function requireBootsOfAll({ cells }: Results): void {
  const known = new Set(cells.flatMap(({ trials }) => trials.map(({ boot }) => boot !== null)));
  if (known.size > 1) throw new Error('cells: the boot is known for some trials but not for others');
}

function modern(value: unknown): unknown {
  const old = typeof value === 'object' && value !== null && 'format' in value && value.format === 1;
  return old ? { ...value, format: RESULTS_FORMAT } : value;
}
