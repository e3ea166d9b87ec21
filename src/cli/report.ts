import { resultsOf } from '../compare/compare.ts';
import { readRun } from '../record/read-run.ts';
import { writeReport } from '../report/write.ts';
import { closingText } from './execute.ts';
import { print, printJson } from './output.ts';

/** `vgpubench report RUN`: every derived file again, from the journal alone. */
export function report(directory: string, options: { json: boolean }): number {
  const { experiment, plan, events } = readRun(directory);
  const results = resultsOf(experiment, plan, events);
  writeReport(directory, results);
  if (options.json) printJson(results);
  else print(closingText(results, directory));
  return 0;
}
