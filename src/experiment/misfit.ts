/** Two parts of the file that are each well-formed, and don't go together. */
export interface Misfit {
  path: (string | number)[];
  expected: string;
  found: string;
}
