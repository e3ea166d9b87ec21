import { MINIMUM_TICKS } from '../../target/clock.ts';
import {
  type Metric,
  type Reading,
  type Workload,
  type WorkloadOutput,
  WorkloadFailure,
  metric,
  requireSuccess,
} from '../workload.ts';
import { requireFewReadings } from '../bounded.ts';
import { workloadName } from '../kind.ts';
import { type JsonReading, jsonReadings, requireRight } from './json-lines.ts';
import { type CommandSpec, metricsOf } from './kind.ts';
import { type MetricSpec, metricName } from './metric.ts';

/** Any program that prints its figure as text or JSON lines, or whose duration is the figure. */
export function commandWorkload(spec: CommandSpec): Workload {
  const metrics = metricsOf(spec);
  return {
    name: workloadName(spec),
    command: () => spec.run,
    directory: spec.directory,
    parse: (output) => {
      requireRight(output.stdout);
      requireSuccess(output);
      return readings(metrics, output);
    },
    limits: Object.fromEntries(
      metrics.flatMap((one) => (one.limit === undefined ? [] : [[metricName(one), one.limit]])),
    ),
  };
}

function readings(specs: readonly MetricSpec[], output: WorkloadOutput): Reading[] {
  const fields = specs.flatMap(({ field }) => field ?? []);
  const lines = fields.length === 0 ? [] : jsonReadings(fields, output.stdout);
  const columns = specs.map((spec) => column(spec, output, lines));
  const lengths = new Set(columns.map((values) => values.length));
  if (lengths.size > 1)
    throw new WorkloadFailure(
      `expected as many values of each metric, found ${specs.map((spec, i) => `${columns[i]?.length ?? 0} of ${metricName(spec)}`).join(', ')}`,
    );
  const count = columns[0]?.length ?? 0;
  return Array.from({ length: count }, (_, row) => ({
    metrics: columns.flatMap((values) => values[row] ?? []),
    phases: lines[row]?.phases ?? {},
    crossings: lines[row]?.crossings ?? {},
    ...(lines[row]?.hypercalls === undefined ? {} : { hypercalls: lines[row].hypercalls }),
    ...(lines[row]?.checksum === undefined ? {} : { checksum: lines[row].checksum }),
    ...(lines[row]?.clockShare === undefined ? {} : { clockShare: lines[row].clockShare }),
  }));
}

function column(spec: MetricSpec, output: WorkloadOutput, lines: readonly JsonReading[]): Metric[] {
  const make = (value: number) => metric(metricName(spec), spec.unit ?? 'ms', spec.better ?? 'lower', value);
  if (spec.duration === true) return [make(durationMs(output))];
  if (spec.pattern !== undefined) return matches(spec.pattern, output.stdout).map(make);
  return lines.map(({ values }) => make(values.get(spec.field ?? '') ?? Number.NaN));
}

function durationMs({ durationNs, tickNs }: WorkloadOutput): number {
  if (durationNs === null) throw new WorkloadFailure('the guest’s clock could not be read, or ran backwards');
  if (durationNs < MINIMUM_TICKS * tickNs)
    throw new WorkloadFailure(
      `it took ${ms(durationNs)}, under ${MINIMUM_TICKS} ticks (${ms(tickNs)} each) of the best clock its guest has: make it do more work, or report its own time`,
    );
  return durationNs / 1e6;
}

function ms(ns: number): string {
  return `${(ns / 1e6).toPrecision(3)} ms`;
}

const DIGITS = '\\d[\\d,]{0,30}(?:\\.\\d{0,30})?|\\.\\d{1,30}';
const NOT_FINITE = '[nN][aA][nN]|[iI][nN][fF](?:[iI][nN][iI][tT][yY])?';
const NUMBER = `([-+]?(?:(?:${DIGITS})(?:[eE][-+]?\\d{1,4})?(?!\\d)|(?:${NOT_FINITE})(?![A-Za-z])))`;

/**
 * Every number that stands where the pattern has {value}; white space matches any white space. No part of
 * the expression can match the same text in two ways, so that no output takes long to search.
 */
function matches(pattern: string, text: string): number[] {
  const [before = '', after = ''] = pattern.trim().split('{value}');
  const literal = (part: string) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\s+/g, '\\s+');
  const lead = before === '' ? '(?<![\\w.,+-])' : /\s$/.test(before) ? '' : '\\s*';
  const found: number[] = [];
  for (const [, number = ''] of text.matchAll(
    new RegExp(`${literal(before)}${lead}${NUMBER}${literal(after)}`, 'g'),
  )) {
    found.push(figureOf(number));
    requireFewReadings(found.length);
  }
  if (found.length === 0)
    throw new WorkloadFailure(`expected output that matches ${JSON.stringify(pattern)}, found no such line`);
  return found;
}

/** A comma after which there are not three digits may be a decimal one, or end a column: nobody can tell. */
function figureOf(number: string): number {
  const text = number.replace(/,+$/, '');
  if (text.includes(',') && !/^[-+]?\d{1,3}(,\d{3})+(?!\d|,)/.test(text))
    throw new WorkloadFailure(`expected a number with commas between thousands only, found ${text}`);
  return Number(text.replaceAll(',', '').replace(/^([-+]?)inf.*/i, '$1Infinity'));
}
