import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chartsOf } from '../chart/charts.ts';
import { renderPng, renderSvg } from '../chart/render.ts';
import type { Results } from '../compare/results.ts';
import { FILES, writeDerived } from '../record/run-directory.ts';
import { samplesCsv } from './csv.ts';
import { reportHtml } from './html.ts';
import { junitXml } from './junit.ts';
import { tableTex } from './latex.ts';
import { summaryMarkdown } from './markdown.ts';

/** Writes every derived file of a run. */
export function writeReport(directory: string, results: Results): void {
  const charts = chartsOf(results);
  const experiment = readFileSync(join(directory, FILES.experiment), 'utf8');
  writeDerived(directory, FILES.results, `${JSON.stringify(results, null, 1)}\n`);
  writeDerived(directory, 'index.html', reportHtml({ results, charts, experiment }));
  writeDerived(directory, 'summary.md', summaryMarkdown(results));
  writeDerived(directory, 'samples.csv', samplesCsv(results));
  writeDerived(directory, 'table.tex', tableTex(results));
  writeDerived(directory, 'junit.xml', junitXml(results));
  mkdirSync(join(directory, 'charts'), { recursive: true });
  for (const chart of charts) {
    writeDerived(directory, join('charts', `${chart.id}.svg`), renderSvg(chart));
    writeDerived(directory, join('charts', `${chart.id}.png`), renderPng(chart));
  }
}
