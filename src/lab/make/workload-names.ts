/** The lab's workloads, by their names in a box. */
export const WORKLOAD_NAMES = [
  'nop',
  'loop',
  'control',
  'madd',
  'mmul',
  'fmadd',
  'fmmul',
  'cpy',
  'pincpy',
  'hotspot',
  'bfs',
  'nn',
  'nw',
  'lud',
  'srad',
  'backprop',
  'gem',
  'churn',
  // Deliberate faults: a corrupted result, a GPU that hangs.
  'wrong',
  'hang',
] as const;

/** Programs that attempt what a guest must not be able to do, and print a verdict. */
export const PROBE_NAMES = ['probe-map', 'probe-submit', 'probe-handle', 'probe-hang'] as const;
