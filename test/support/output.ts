import type { Metric, Workload, WorkloadOutput } from '../../src/workload/workload.ts';
import { WorkloadFailure } from '../../src/workload/workload.ts';

/** The output of a program that ended well after half a second. */
export function output(stdout: string, over: Partial<WorkloadOutput> = {}): WorkloadOutput {
  return { stdout, stderr: '', exitCode: 0, durationNs: 5e8, tickNs: 1000, ...over };
}

/** The metrics of the single reading of one run. */
export function metricsOf(workload: Workload, stdout: string): Metric[] {
  const readings = workload.parse(output(stdout));
  if (readings.length !== 1) throw new RangeError(`expected one reading, found ${readings.length}`);
  return readings[0]?.metrics ?? [];
}

/** The same as an object from name to value. */
export function valuesOf(workload: Workload, stdout: string): Record<string, number> {
  return Object.fromEntries(metricsOf(workload, stdout).map(({ name, value }) => [name, value]));
}

/** Why a run has no figure. */
export function reasonOf(workload: Workload, what: string | WorkloadOutput): string {
  try {
    const readings = workload.parse(typeof what === 'string' ? output(what) : what);
    return `no failure, but ${JSON.stringify(readings)}`;
  } catch (error) {
    if (error instanceof WorkloadFailure) return error.message;
    throw error;
  }
}
