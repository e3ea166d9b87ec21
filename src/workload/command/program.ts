import { MINIMUM_TICKS } from '../../target/clock.ts';
import {
  type Reading,
  type Workload,
  type WorkloadOutput,
  WorkloadFailure,
  metric,
  requireSuccess,
} from '../workload.ts';
import { workloadName } from '../kind.ts';
import { jsonReadings, requireRight } from './json-lines.ts';
import { type CommandSpec, metricsOf } from './kind.ts';
import { type MetricSpec, metricName } from './metric.ts';
import { numbersAt } from './pattern.ts';

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
      return readings(spec, metrics, output);
    },
    limits: Object.fromEntries(
      metrics.flatMap((one) => (one.limit === undefined ? [] : [[metricName(one), one.limit]])),
    ),
  };
}

function readings(
  { thousands, per }: CommandSpec,
  specs: readonly MetricSpec[],
  output: WorkloadOutput,
): Reading[] {
  const fields = [...specs, ...(per === undefined ? [] : [per])].flatMap(({ field }) => field ?? []);
  const counted = per?.field;
  const lines = fields.length === 0 ? [] : jsonReadings(fields, output.stdout);
  const columns = specs.map((spec) => {
    const make = (value: number) =>
      metric(metricName(spec), spec.unit ?? 'ms', spec.better ?? 'lower', value);
    if (spec.duration === true) return [make(durationMs(output))];
    if (spec.pattern !== undefined) return numbersAt(spec.pattern, output.stdout, thousands).map(make);
    return lines.map(({ values }) => make(values.get(spec.field ?? '') ?? Number.NaN));
  });
  const lengths = new Set(columns.map((values) => values.length));
  if (lengths.size > 1)
    throw new WorkloadFailure(
      `expected as many values of each metric, found ${specs.map((spec, i) => `${columns[i]?.length ?? 0} of ${metricName(spec)}`).join(', ')}`,
    );
  const count = columns[0]?.length ?? 0;
  if (counted !== undefined && lines.length !== count)
    throw new WorkloadFailure(
      `expected a JSON line with ${counted} for each of ${count} figures, found ${lines.length}`,
    );
  return Array.from({ length: count }, (_, row) => ({
    metrics: columns.flatMap((values) => values[row] ?? []),
    phases: lines[row]?.phases ?? {},
    crossings: lines[row]?.crossings ?? {},
    ...(lines[row]?.hypercalls === undefined ? {} : { hypercalls: lines[row].hypercalls }),
    ...(per === undefined
      ? {}
      : { operations: counted === undefined ? 1 : (lines[row]?.values.get(counted) ?? Number.NaN) }),
    ...(lines[row]?.checksum === undefined ? {} : { checksum: lines[row].checksum }),
    ...(lines[row]?.clockShare === undefined ? {} : { clockShare: lines[row].clockShare }),
  }));
}

function durationMs({ durationNs, tickNs }: WorkloadOutput): number {
  if (durationNs === null) throw new WorkloadFailure('the guest’s clock could not be read, or ran backwards');
  if (durationNs < MINIMUM_TICKS * tickNs)
    throw new WorkloadFailure(
      `it took ${ms(durationNs)}, less than ${MINIMUM_TICKS} ticks (${ms(tickNs)} each) of the guest’s best clock: make it do more work, or report its own time`,
    );
  return durationNs / 1e6;
}

function ms(ns: number): string {
  return `${(ns / 1e6).toPrecision(3)} ms`;
}
