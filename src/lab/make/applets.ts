import { incomplete } from './unpacked.ts';

/**
 * The names that a busybox answers to, read from the program's own table: sorted, each ended by a zero byte,
 * the whole by one more. `--list` is not used, because the program need not run on this machine.
 * @param unpacked The folder of the packages, for the advice if theirs has no such table.
 */
export function appletsOf(program: Buffer, unpacked: string): string[] {
  const start = program.indexOf('\0[\0[[\0', 'latin1') + 1;
  const end = program.indexOf('\0\0', start, 'latin1');
  if (start === 0 || end < start)
    throw incomplete(unpacked, 'the fetched busybox has no table of its applets');
  return program.toString('latin1', start, end).split('\0');
}
