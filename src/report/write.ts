import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chartsOf } from '../chart/charts.ts';
import { renderPng, renderSvg } from '../chart/render.ts';
import type { Gate } from '../gate/gate.ts';
import type { Results } from '../compare/results.ts';
import { FILES, writeDerived } from '../record/run-directory.ts';
import { samplesCsv } from './csv.ts';
import { reportHtml } from './html.ts';
import { junitXml } from './junit.ts';
import { tableTex } from './latex.ts';
import { summaryMarkdown } from './markdown.ts';

export interface ReportExtras {
  /** Where to; the run's own folder by default. */
  out?: string;
  /** What came out where the run was held against another. */
  gate?: Gate | undefined;
}

/** Writes every derived file of the run in `directory`. */
export function writeReport(
  directory: string,
  results: Results,
  { out = directory, gate }: ReportExtras = {},
): void {
  const charts = chartsOf(results);
  const experiment = readFileSync(join(directory, FILES.experiment), 'utf8');
  mkdirSync(join(out, 'charts'), { recursive: true });
  writeDerived(out, FILES.results, `${JSON.stringify(results, null, 1)}\n`);
  writeDerived(out, 'index.html', reportHtml({ results, charts, experiment, gate }));
  writeDerived(out, 'summary.md', summaryMarkdown(results, gate));
  writeDerived(out, 'samples.csv', samplesCsv(results));
  writeDerived(out, 'table.tex', tableTex(results));
  writeDerived(out, 'junit.xml', junitXml(results, gate));
  for (const chart of charts) {
    writeDerived(out, join('charts', `${chart.id}.svg`), renderSvg(chart));
    writeDerived(out, join('charts', `${chart.id}.png`), renderPng(chart));
  }
}
