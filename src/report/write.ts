import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chartsOf } from '../chart/charts.ts';
import { renderPdf, renderPng, renderSvg } from '../chart/render.ts';
import type { ChartSpec } from '../chart/spec.ts';
import type { Gate } from '../gate/gate.ts';
import type { Results } from '../compare/results.ts';
import { Problem, messageOf } from '../problem.ts';
import { makeDirectory } from '../record/make-directory.ts';
import { FILES, requireWritable, sweepPartial, writeDerived } from '../record/run-directory.ts';
import { cpuCsv } from './cpu-cost.ts';
import { energyCsv } from './energy-cost.ts';
import { samplesCsv } from './csv.ts';
import { reportHtml } from './html.ts';
import { jsonText, oneLine } from '../words/printable.ts';
import { junitXml } from './junit.ts';
import { longTableTex, tableTex } from './latex.ts';
import { summaryMarkdown } from './markdown.ts';
import { tailsCsv } from './tails.ts';
import { quote } from '../words/quote.ts';

/** The charts that fit in a paper, or all. */
export type ChartFiles = 'paper' | 'all';

export interface ReportExtras {
  /** The destination; by default the run's own folder. */
  out?: string;
  /** The gate, if the run was compared with another. */
  gate?: Gate | undefined;
  /** The charts to write as separate files; the page has all. Default: those of the whole run. */
  charts?: ChartFiles | undefined;
  /** The text of its experiment file, if it should differ from the run's own: it is written as well. */
  experiment?: string;
}

/**
 * Writes every derived file of the run to `directory`. Each fails alone: on a full disk, or if its format
 * can't hold the results, the others are still written.
 * @returns the problem with each file that could not be written.
 */
export function writeReport(
  directory: string,
  results: Results,
  { out = directory, gate, experiment, charts: which = 'paper' }: ReportExtras = {},
): Unmade[] {
  const unmade: Unmade[] = [];
  const attempt = (name: string, make: () => void) => {
    try {
      make();
    } catch (error) {
      unmade.push(new Unmade(join(out, name), directory, error));
    }
  };
  const write = (name: string, make: () => string | Uint8Array) => {
    attempt(name, () => {
      writeDerived(out, name, make());
    });
  };
  attempt('', () => {
    makeDirectory(out);
    requireWritable(out);
    sweepPartial(out);
  });
  if (unmade.length > 0) return unmade;
  if (experiment !== undefined) write(FILES.experiment, () => experiment);
  write(FILES.results, () => `${jsonText(results, 1)}\n`);
  write('junit.xml', () => junitXml(results, gate));
  write('summary.md', () => summaryMarkdown(results, gate));
  write('samples.csv', () => samplesCsv(results));
  const cpu = cpuCsv(results);
  if (cpu !== undefined) write('cpu.csv', () => cpu);
  const energy = energyCsv(results);
  if (energy !== undefined) write('energy.csv', () => energy);
  const tails = tailsCsv(results);
  if (tails !== undefined) write('tails.csv', () => tails);
  write('table.tex', () => tableTex(results));
  write('table-long.tex', () => longTableTex(results));
  let charts: readonly ChartSpec[] = [];
  attempt('charts', () => {
    charts = chartsOf(results);
  });
  write('index.html', () => {
    const source = experiment ?? readFileSync(join(directory, FILES.experiment), 'utf8');
    return reportHtml({ results, charts, experiment: source, gate });
  });
  attempt('charts', () => {
    makeDirectory(join(out, 'charts'));
    sweepPartial(join(out, 'charts'));
    for (const chart of charts.filter(({ of }) => which === 'all' || of === 'run')) {
      write(join('charts', `${chart.id}.svg`), () => renderSvg(chart));
      write(join('charts', `${chart.id}.pdf`), () => renderPdf(chart));
      write(join('charts', `${chart.id}.png`), () => renderPng(chart));
    }
  });
  return unmade;
}

/** Why a file of a report, or the directory for all of them, could not be made. */
export class Unmade extends Problem {
  readonly path: string;

  constructor(path: string, run: string, cause: unknown) {
    super(
      {
        code: 'VGB-REPORT-FILE',
        message: `${path} could not be made`,
        expected: 'enough space, and results that fit its format',
        found: oneLine(cause instanceof Problem ? (cause.found ?? '') : messageOf(cause)),
        next: `no measurement is lost: fix this, then make the report again: vgpubench report ${quote(run)}`,
        exitCode: 4,
      },
      { cause },
    );
    this.path = path;
  }
}
