import { Problem } from '../problem.ts';

/** Node's own exit code for an error that nobody caught is 1, which here says that a cell is slower. */
export function unforeseen(error: unknown): Problem {
  const full = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new Problem(
    {
      code: 'VGB-UNFORESEEN',
      message: 'this should not have happened',
      details: full.split('\n'),
      next: 'a full disk or a folder that may not be written to is named above; what a run has journaled is kept, and `vgpubench resume RUN` goes on',
      exitCode: 4,
    },
    { cause: error },
  );
}
