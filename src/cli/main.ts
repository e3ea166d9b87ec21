import { CommanderError } from 'commander';
import { type ExitCode, worse } from '../exit-code.ts';
import { Problem } from '../problem.ts';
import { unforeseen } from './unforeseen.ts';
import { program } from './program.ts';
import { tellProblem } from './terminal/output.ts';
import { outliveOutputs, unwritten } from './terminal/unwritten.ts';

/** Runs the command line and returns the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  outliveOutputs();
  const code = await carryOut(argv);
  const lost = await unwritten();
  if (lost === undefined) return code;
  tellProblem(lost.problem);
  return lost.product ? worse(code as ExitCode, lost.problem.exitCode) : code;
}

/** The same, whatever becomes of what it writes. */
export async function carryOut(argv: readonly string[]): Promise<number> {
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
