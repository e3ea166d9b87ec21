/**
 * Output that can't be written. Nobody reads a closed pipe, or a terminal that is gone: what goes there is
 * dropped, and the outcome is unaffected. Any other error of stdout, such as a full disk, is reported when
 * everything is done.
 */
import { isatty } from 'node:tty';
import { Problem } from '../../problem.ts';

/** For a terminal that is gone this is EIO; for a disk, EIO is a real error. */
const NOBODY_READS: readonly (string | undefined)[] = ['EPIPE', 'ECONNRESET', ...(isatty(1) ? ['EIO'] : [])];

let lost: { error: NodeJS.ErrnoException; product: boolean } | undefined;

/** From here on an output error no longer ends this process. Node would exit with 1, which means "slower". */
export function outliveOutputs(): void {
  for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined);
}

/**
 * Writes to stdout. @param product Whether this is the output that the command exists for, rather than a note
 * on files elsewhere.
 */
export function write(text: string, product: boolean): void {
  process.stdout.write(text, (error?: NodeJS.ErrnoException | null) => {
    if (error && !NOBODY_READS.includes(error.code)) lost ??= { error, product };
  });
}

/**
 * Waits until stdout has accepted or refused what was written. @returns what was lost, and whether it was the
 * product.
 */
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
      message: 'some output could not be written',
      expected: 'a writable stdout',
      found: error.message,
      next: product ? 'free some space or redirect elsewhere, and run the command again' : undefined,
      exitCode: 4,
    },
    { cause: error },
  );
  return { problem, product };
}
