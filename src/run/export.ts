import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bencher } from '../export/bencher.ts';
import type { ExportFormat, Exporter } from '../export/format.ts';
import { githubActionBenchmark } from '../export/github-action-benchmark.ts';
import { openMetrics } from '../export/openmetrics.ts';
import { otava } from '../export/otava.ts';
import { Problem } from '../problem.ts';
import { makeDirectory } from '../record/make-directory.ts';
import { writeDerived, writing } from '../record/run-directory.ts';
import { quote } from '../words/quote.ts';
import { loadResults } from './load-results.ts';

export interface ExportOptions {
  format: ExportFormat;
  /** The destination of its files. */
  out: string;
  /** The commit that was measured, for formats that record it. */
  commit?: string | undefined;
}

const EXPORTERS: Record<ExportFormat, Exporter> = {
  'github-action-benchmark': githubActionBenchmark,
  bencher,
  openmetrics: openMetrics,
  otava,
};

/**
 * Exports a run’s figures for a benchmark tracking tool: the same bytes for the same run.
 * @param run A run directory, or its results.json.
 * @returns the paths of its files
 * @throws Problem if the run has no figure, or a file can’t be written
 */
export function exportRun(run: string, { format, out, commit = '' }: ExportOptions): string[] {
  const results = loadResults(run);
  if (results.cells.length === 0)
    throw new Problem({
      code: 'VGB-EXPORT-NOTHING',
      message: `${run} has no figure to export`,
      expected: 'a run with at least one completed trial',
      found: `${results.trials.completed} of ${results.trials.planned} trials completed`,
      next: `see its report for the reason, and run what is missing: vgpubench resume ${quote(run)} --retry`,
      exitCode: 4,
    });
  const earlier = (name: string) => readIfThere(join(out, name));
  const files = EXPORTERS[format](results, { commit, earlier });
  return writing(out, () => {
    makeDirectory(out);
    return files.map(({ name, text }) => {
      writeDerived(out, name, text);
      return join(out, name);
    });
  });
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Problem({
      code: 'VGB-EXPORT-READ',
      message: `cannot read ${path}, to which this run would be added`,
      expected: 'the file of an earlier export, or none',
      found: (error as Error).message,
      next: 'make it readable, or export to another directory: --out DIR',
    });
  }
}
