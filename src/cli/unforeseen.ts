import { Problem } from '../problem.ts';

/** Node exits with 1 on an uncaught error, but 1 means here that a cell is slower. */
export function unforeseen(error: unknown): Problem {
  const full = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new Problem(
    {
      code: 'VGB-UNFORESEEN',
      message: 'an internal error',
      details: full.split('\n'),
      next: 'if the message above names a full disk or an unwritable folder, fix that; what a run has journaled is kept, and `vgpubench resume RUN` continues it',
      exitCode: 4,
    },
    { cause: error },
  );
}
