import { printable } from '../words/printable.ts';

/** A family of gauges: its samples must be consecutive in OpenMetrics. */
export interface Family {
  /** Without its unit. */
  name: string;
  /** The base unit of its values, with which the name then ends. */
  unit?: string;
  help: string;
  samples: readonly { labels: Readonly<Record<string, string>>; value: number | string }[];
}

/**
 * Families as text, without those that have no sample. Source: OpenMetrics 1.0.0 (text format): LF line ends,
 * labels escaped, `# EOF` last.
 */
export function openMetricsText(families: readonly Family[], info: Readonly<Record<string, string>>): string {
  const lines = families
    .filter(({ samples }) => samples.length > 0)
    .flatMap(({ name, unit, help, samples }) => {
      const full = unit === undefined ? name : `${name}_${unit}`;
      return [
        `# TYPE ${full} gauge`,
        ...(unit === undefined ? [] : [`# UNIT ${full} ${unit}`]),
        `# HELP ${full} ${escaped(help)}`,
        ...samples.map(({ labels, value }) => `${full}${labelsText(labels)} ${value}`),
      ];
    });
  const about = [
    '# TYPE vgpubench_run info',
    '# HELP vgpubench_run The run that the figures belong to.',
    `vgpubench_run_info${labelsText(info)} 1`,
  ];
  return [...about, ...lines, '# EOF', ''].join('\n');
}

function labelsText(labels: Readonly<Record<string, string>>): string {
  return `{${Object.entries(labels)
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(',')}}`;
}

function escaped(text: string): string {
  return printable(text).replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
}
