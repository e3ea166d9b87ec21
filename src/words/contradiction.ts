/** Two values of the experiment file that contradict each other, in one mode or workload. */
export interface Contradiction {
  /** The offending key, below the mode's or workload's own; empty for the whole of it. */
  key: readonly (string | number)[];
  expected: string;
  found: string;
}
