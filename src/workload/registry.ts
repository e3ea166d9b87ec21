import type { WorkloadSpec } from '../experiment/workload-schema.ts';
import { clpeakWorkload } from './clpeak.ts';
import { commandWorkload } from './command.ts';
import { hashcatWorkload } from './hashcat.ts';
import { probeWorkload } from './probe.ts';
import type { Workload } from './workload.ts';

/** The workload that an experiment's entry asks for. */
export function workloadFor(spec: WorkloadSpec): Workload {
  switch (spec.use) {
    case 'clpeak':
      return clpeakWorkload(spec);
    case 'hashcat':
      return hashcatWorkload(spec);
    case 'command':
      return commandWorkload(spec);
    case 'probe':
      return probeWorkload(spec);
  }
}
