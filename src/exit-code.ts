/**
 * The exit codes of the command line, from least to most important: if several apply, as of a run and its
 * gate, the most important one is returned. Scripts may rely on them; `--help` and the README print this
 * table.
 */
export const EXIT_CODES = [
  { code: 0, meaning: 'done; in compare and gates: no cell is slower' },
  { code: 3, meaning: 'inconclusive: the interval does not decide it' },
  {
    code: 4,
    meaning:
      'incomplete: trials failed, timed out or were void, HEAD lacks cells of BASE, BASE itself is incomplete, a target could not be put back, or a file of the report could not be made; or the lab, a target, a disk or vgpubench itself failed',
  },
  { code: 1, meaning: 'a cell is slower than the margin allows, or an isolation probe succeeded' },
  {
    code: 2,
    meaning: "the command line or the experiment file is wrong, or the runs can't be compared",
  },
  { code: 130, meaning: 'interrupted; resume continues the run' },
] as const;

export type ExitCode = (typeof EXIT_CODES)[number]['code'];

/** The more important of two exit codes. @throws RangeError for one that is not in the table. */
export function worse(a: ExitCode, b: ExitCode): ExitCode {
  return rankOf(a) > rankOf(b) ? a : b;
}

function rankOf(code: ExitCode): number {
  const rank = EXIT_CODES.findIndex((one) => one.code === code);
  if (rank < 0) throw new RangeError(`expected an exit code of the table, found ${code}`);
  return rank;
}

/** The table as lines, ordered by number. */
export function exitCodeLines(): string[] {
  const lines = EXIT_CODES.toSorted((a, b) => a.code - b.code).map(
    ({ code, meaning }) => `${String(code).padEnd(3)}  ${meaning}`,
  );
  const order = EXIT_CODES.map(({ code }) => code).toReversed();
  return [...lines, `If several apply, the first of these is returned: ${order.join(', ')}.`];
}
