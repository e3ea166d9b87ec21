/** An experiment on one target whose workload appends a line to a file each time it is run. */
export interface MarkedExperiment {
  sshConfig: string;
  marker: string;
  blocks: number;
  samples: number;
  /** Seconds that a run takes. */
  seconds: number;
  modes?: string;
}

export function markedExperiment({
  sshConfig,
  marker,
  blocks,
  samples,
  seconds,
  modes,
}: MarkedExperiment): string {
  return `
name: marked
targets: { a: { ssh: a, config: ${sshConfig} } }
modes:
${modes ?? '  native: { use: native, on: a, hypervisor: allowed }\n  again: { use: native, on: a, hypervisor: allowed }'}
workloads:
  - { use: command, name: marked, run: "echo run >>${marker}; sleep ${seconds}; echo 'speed: 42'", metric: { pattern: "speed: {value}", unit: GB/s, better: higher } }
design: { blocks: ${blocks}, seed: 5, warmup: 0, samples: ${samples} }
limits: { trial: 60s }
`;
}
