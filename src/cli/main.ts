import { CommanderError } from 'commander';
import { Problem } from '../problem.ts';
import { unforeseen } from './unforeseen.ts';
import { program } from './program.ts';
import { tellProblem } from './terminal/output.ts';

/** Runs the command line and returns the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  let code = 0;
  try {
    await program((found) => (code = found)).parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const problem = error instanceof Problem ? error : unforeseen(error);
    tellProblem(problem);
    return problem.exitCode;
  }
}
