import type { Results } from '../compare/results.ts';

/** Stores and readers of results that a run can be exported to. */
export const EXPORT_FORMATS = ['github-action-benchmark', 'bencher', 'openmetrics', 'otava'] as const;

export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** A file of an export. */
export interface ExportFile {
  name: string;
  text: string;
}

/** What an export knows besides the results. */
export interface ExportContext {
  /** Of the code that was measured; empty where it was not told. */
  commit: string;
  /** What a file of an earlier export to the same place holds; undefined where there is none. */
  earlier: (name: string) => string | undefined;
}

/** Makes the files of one format: the same bytes for the same results. @throws Problem where it can't go on with an earlier one */
export type Exporter = (results: Results, context: ExportContext) => ExportFile[];
