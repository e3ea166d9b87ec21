/** The page of the run that comes with the sources, made anew from its results. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chartsOf } from '../../src/chart/charts.ts';
import { resultsSchema } from '../../src/compare/results.ts';
import { reportHtml } from '../../src/report/html.ts';

const SAMPLE = join(import.meta.dirname, '../../reports/sample');

/** In a folder, with its address and its size in bytes. */
export function samplePage(folder: string): { address: string; bytes: number } {
  const results = resultsSchema.parse(JSON.parse(readFileSync(join(SAMPLE, 'results.json'), 'utf8')));
  const experiment = readFileSync(join(SAMPLE, 'experiment.yaml'), 'utf8');
  const page = reportHtml({ results, charts: chartsOf(results), experiment });
  const file = join(folder, 'sample.html');
  writeFileSync(file, page);
  return { address: pathToFileURL(file).href, bytes: Buffer.byteLength(page) };
}
