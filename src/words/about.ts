/** How something is known to go wrong: what is told then, and what to do. */
export interface Failure {
  told: string;
  next: string;
}
