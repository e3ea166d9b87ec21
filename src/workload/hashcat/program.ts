import { quote } from '../../words/quote.ts';
import { type Metric, type Workload, WorkloadFailure, metric, requireSuccess } from '../workload.ts';
import { requireFewReadings } from '../bounded.ts';
import { workloadName } from '../kind.ts';
import type { HashcatSpec } from './kind.ts';

/** hashcat's own benchmark of one hash mode; the figure is its speed. */
export function hashcatWorkload(spec: HashcatSpec): Workload {
  return {
    name: workloadName(spec),
    command: () =>
      [
        quote(spec.path),
        '-b',
        '-m',
        String(spec.hash),
        '--machine-readable',
        ...(spec.runtime === undefined ? [] : ['--runtime', String(spec.runtime)]),
      ].join(' '),
    parse: (output) => {
      requireSuccess(output);
      return [{ metrics: parseHashcat(output.stdout), phases: {}, crossings: {} }];
    },
    limits: spec.limits ?? {},
  };
}

/**
 * `device:mode:core MHz:mem MHz:exec ms:H/s`, a line a device; with several devices each is a metric.
 * Source: hashcat 6.2.6, `--machine-readable` in benchmark mode.
 */
export function parseHashcat(text: string): Metric[] {
  const rows: RegExpMatchArray[] = [];
  for (const row of text.matchAll(/^(\d{1,9}):\d{1,20}:\d{1,20}:\d{1,20}:[\d.]{1,30}:(\d{1,30})$/gm)) {
    rows.push(row);
    requireFewReadings(rows.length);
  }
  if (rows.length === 0)
    throw new WorkloadFailure(
      'expected hashcat’s device:mode:core:mem:ms:H/s, found no such line: is there an OpenCL device on the target?',
    );
  return rows.map(([, device = '', speed = '']) =>
    metric(rows.length === 1 ? 'speed' : `speed.device-${device}`, 'H/s', 'higher', Number(speed)),
  );
}
