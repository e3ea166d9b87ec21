/** The lab's workloads, by the names they are called in a box. */
export const workloadNames = [
  'nop',
  'loop',
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
] as const;

/** Programs that try what a guest must not be able to do, and print a verdict. */
export const probeNames = ['probe-map', 'probe-submit', 'probe-handle', 'probe-hang'] as const;
