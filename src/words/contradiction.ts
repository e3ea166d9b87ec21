/** Two values of the experiment file that don't go together, in one mode or workload. */
export interface Contradiction {
  /** The key that is at fault, below the mode's or workload's own; empty for the whole of it. */
  key: readonly (string | number)[];
  expected: string;
  found: string;
}
