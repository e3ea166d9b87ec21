/** A known way to fail: the message, and what to do. */
export interface Failure {
  told: string;
  next: string;
}
