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
      return [{ metrics: parseHashcat(output.stdout, spec.hash), phases: {}, crossings: {} }];
    },
    limits: spec.limits ?? {},
  };
}

/**
 * `device:mode:core MHz:mem MHz:exec ms:H/s`, one line per device; with several devices each is a metric.
 * Clocks unknown to hashcat are -1 or, if printed unsigned, 4294967295; clocks are not read. Source: hashcat
 * 6.2.6, `--machine-readable` in benchmark mode.
 *
 * @throws WorkloadFailure if a line is missing, occurs twice, or is of another hash mode; or if a speed is
 * impossible
 */
export function parseHashcat(text: string, hash: number): Metric[] {
  const speeds = new Map<string, number>();
  for (const [, device = '', mode = '', speed = ''] of text.matchAll(ROW)) {
    if (Number(mode) !== hash)
      throw new WorkloadFailure(`expected hashcat’s benchmark of hash mode ${hash}, found one of ${mode}`);
    if (speeds.has(device))
      throw new WorkloadFailure(
        `expected one line of hashcat’s per device, found two of device ${device}: does something else write to its output?`,
      );
    // Larger numbers are rounded; a counter below zero looks like one, and no device comes near.
    if (Number(speed) > Number.MAX_SAFE_INTEGER)
      throw new WorkloadFailure(`expected a speed below 2^53 H/s of device ${device}, found ${speed}`);
    speeds.set(device, Number(speed));
    requireFewReadings(speeds.size);
  }
  if (speeds.size === 0)
    throw new WorkloadFailure(
      'expected hashcat’s device:mode:core:mem:ms:H/s, found no such line: is there an OpenCL device on the target?',
    );
  return [...speeds].map(([device, speed]) =>
    metric(speeds.size === 1 ? 'speed' : `speed.device-${device}`, 'H/s', 'higher', speed),
  );
}

const ROW = /^(\d{1,9}):(\d{1,20}):-?\d{1,20}:-?\d{1,20}:[\d.,]{1,30}:(-?\d{1,30})\r?$/gm;
