/**
 * Output that can't be written. Nobody reads a closed pipe, or a terminal that is gone: what goes there is dropped, and
 * the outcome stays what it is. Any other error of stdout, as of a full disk, is told once all is done.
 */
import { isatty } from 'node:tty';
import { Problem } from '../../problem.ts';

/** Of a terminal that is gone, EIO; of a disk, that is an error. */
const NOBODY_READS: readonly (string | undefined)[] = ['EPIPE', 'ECONNRESET', ...(isatty(1) ? ['EIO'] : [])];

let lost: { error: NodeJS.ErrnoException; product: boolean } | undefined;

/** From here on no error of an output ends this process: by itself, Node would, with 1, which means "slower". */
export function outliveOutputs(): void {
  for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined);
}

/** Writes to stdout. @param product Whether it is what the command is for, rather than word of what lies elsewhere. */
export function write(text: string, product: boolean): void {
  process.stdout.write(text, (error?: NodeJS.ErrnoException | null) => {
    if (error && !NOBODY_READS.includes(error.code)) lost ??= { error, product };
  });
}

/** Waits until stdout has what was written, or refuses it. @returns what was lost, and whether it was the product. */
export async function unwritten(): Promise<{ problem: Problem; product: boolean } | undefined> {
  await new Promise<void>((resolve) => {
    process.stdout.write('', () => {
      resolve();
    });
  });
  if (lost === undefined) return undefined;
  const { error, product } = lost;
  const problem = new Problem(
    {
      code: 'VGB-STDOUT',
      message: 'not all output could be written',
      expected: 'a stdout that takes it',
      found: error.message,
      next: product ? 'make room there, or name another place, and do it again' : undefined,
      exitCode: 4,
    },
    { cause: error },
  );
  return { problem, product };
}
