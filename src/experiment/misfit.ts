/** Two parts of the file that are well-formed, but contradict each other. */
export interface Misfit {
  path: (string | number)[];
  expected: string;
  found: string;
}
