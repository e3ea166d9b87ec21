import type { Results } from '../compare/results.ts';

/** Tools and formats to which a run can be exported. */
export const EXPORT_FORMATS = ['github-action-benchmark', 'bencher', 'openmetrics', 'otava'] as const;

export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** A file of an export. */
export interface ExportFile {
  name: string;
  text: string;
}

/** What an export knows in addition to the results. */
export interface ExportContext {
  /** The commit that was measured; empty if not given. */
  commit: string;
  /** The content of a file from an earlier export to the same place; undefined if there is none. */
  earlier: (name: string) => string | undefined;
}

/**
 * Makes the files of one format: the same bytes for the same results. @throws Problem if it can't continue an
 * earlier export
 */
export type Exporter = (results: Results, context: ExportContext) => ExportFile[];
