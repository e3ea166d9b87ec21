import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { CommanderError } from 'commander';
import { Problem, describeProblem } from '../problem.ts';
import { packageVersion } from './version.ts';
import { coloursFor, tell } from './output.ts';

const EPILOGUE = `
First steps:
  $ vgpubench quickstart               no GPU at hand: everything in the embedded lab, in minutes
  $ vgpubench init experiment.yaml     write an experiment file to start from
  $ vgpubench doctor experiment.yaml   is every target reachable, and everything on it?
  $ vgpubench plan experiment.yaml     the order of trials, and how long they take
  $ vgpubench run experiment.yaml      run them, and write the report

A run is a directory under reports/. Its journal.jsonl is the truth; all else is made
from it. A run that was interrupted or killed goes on with: vgpubench resume RUN

stdout is results, stderr is progress; NO_COLOR is honoured.

Exit codes:
  0    done; in compare and gates: no cell is slower
  1    a cell is slower than the margin allows, or an isolation probe got through
  2    the command line or the experiment file is wrong, or the runs can't be compared
  3    inconclusive: the interval does not settle it
  4    the run is incomplete: trials failed, timed out or were void; or BASE has cells that HEAD lacks
  130  interrupted; resume goes on from there
Of several the one that matters most: 130, 2, 1, 4, 3, 0.
`;

/** Runs the command line and returns the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  let code = 0;
  const program = makeProgram((result) => {
    code = result;
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const problem = error instanceof Problem ? error : unforeseen(error);
    const colours = coloursFor(process.stderr);
    tell(`${colours.red('error:')} ${describeProblem(problem)}`);
    return problem.exitCode;
  }
}

/** Node's own exit code for an error nobody caught is 1, which here says that a cell is slower. */
function unforeseen(error: unknown): Problem {
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

/** A command's code is loaded when it is called: charts and their canvas cost half a second. */
function makeProgram(exit: (code: number) => void): Command {
  const program = new Command('vgpubench')
    .description(
      'Compares the ways a GPU can reach a virtual machine, over SSH: interleaved, attested, with intervals.',
    )
    .version(packageVersion())
    .addHelpText('after', EPILOGUE)
    .showHelpAfterError('(vgpubench --help shows the commands)')
    .configureHelp({ showGlobalOptions: true })
    .enablePositionalOptions()
    .exitOverride();
  const json = ['--json', 'print data as JSON', false] as const;

  program
    .command('quickstart')
    .description('the lab, end to end: build, boot, compare five ways to reach a GPU, report; needs no GPU')
    .option('--out <dir>', 'the run directory (default: a new one under reports/)')
    .option('--seed <n>', 'instead of design.seed', seed)
    .option(...json)
    .action(async (options) => {
      const [{ withLab }, { quickstart }] = await Promise.all([
        import('./lab.ts'),
        import('./quickstart.ts'),
      ]);
      exit(await withLab(() => quickstart(options)));
    });
  program
    .command('init')
    .description('write an experiment file to start from')
    .argument('[file]', 'where to', 'experiment.yaml')
    .action(async (file) => {
      exit((await import('./init.ts')).init(file));
    });
  program
    .command('doctor')
    .description('check that every target can be reached and has what the experiment needs; changes nothing')
    .argument('<file>', 'the experiment file')
    .option(...json)
    .action(async (file, options) => {
      exit(await (await import('./doctor.ts')).doctor(file, options));
    });
  program
    .command('plan')
    .description('print the order of the trials, their number and an estimate of time; touches nothing')
    .argument('<file>', 'the experiment file')
    .option('--seed <n>', 'instead of design.seed', seed)
    .option(...json)
    .action(async (file, options) => {
      exit(await (await import('./plan.ts')).plan(file, options));
    });
  program
    .command('run')
    .description('run an experiment, and write its report')
    .argument('<file>', 'the experiment file')
    .option('--out <dir>', 'the run directory (default: a new one under reports/)')
    .option('--seed <n>', 'instead of design.seed', seed)
    .option('--gate <base>', 'compare with an earlier run afterwards, as compare does, and exit as it does')
    .option('--margin <percentage>', 'of the gate, instead of design.margin', margin)
    .option(...json)
    .action(async (file, options) => {
      exit(await (await import('./run.ts')).run(file, options));
    });
  program
    .command('resume')
    .description('go on with a run that was interrupted or killed: same plan, no sample lost or taken twice')
    .argument('<run>', 'the run directory')
    .option('--retry', 'also run again what failed, timed out or was void', false)
    .option('--gate <base>', 'compare with an earlier run afterwards, as compare does, and exit as it does')
    .option('--margin <percentage>', 'of the gate, instead of design.margin', margin)
    .option(...json)
    .action(async (directory, options) => {
      exit(await (await import('./resume.ts')).resume(directory, options));
    });
  program
    .command('restore')
    .description('put every target back as it was before a run, after any crash')
    .argument('<run>', 'the run directory')
    .option(...json)
    .action(async (directory, options) => {
      exit(await (await import('./restore.ts')).restore(directory, options));
    });
  program
    .command('report')
    .description('make every report of a run again, from its journal alone')
    .argument('<run>', 'the run directory')
    .option(
      '--baseline <mode>',
      'compare with this mode instead, such as pvdrm-cache with pvdrm: into RUN/against-MODE',
    )
    .option('--gate <base>', 'with the outcome of comparing it with an earlier run, and exit as compare does')
    .option('--margin <percentage>', 'of the gate, instead of design.margin', margin)
    .option(...json)
    .action(async (directory, options) => {
      exit((await import('./report.ts')).report(directory, options));
    });
  addLab(program, exit);
  program
    .command('compare')
    .description('compare a run with an earlier one, cell by cell: is anything slower?')
    .argument('<base>', 'the earlier run: its directory, or its results.json')
    .argument('<head>', 'the run in question, likewise')
    .option('--margin <percentage>', 'differences within it count as the same (default: HEAD’s)', margin)
    .option(...json)
    .action(async (base, head, options) => {
      exit((await import('./compare.ts')).compare(base, head, options));
    });
  program
    .command('schema')
    .description('print a JSON Schema: experiment, results or journal')
    .argument('<name>', 'which one')
    .action(async (name) => {
      exit((await import('./schema.ts')).schema(name));
    });
  return program;
}

/** The embedded lab: real Xen in QEMU, a GPU in software, every boundary, and no hardware needed. */
function addLab(program: Command, exit: (code: number) => void): void {
  const lab = program
    .command('lab')
    .description('the embedded lab: real Xen and guests in QEMU with a GPU in software; needs no GPU')
    .addHelpText('after', LAB_EPILOGUE)
    .showHelpAfterError('(vgpubench lab --help shows its commands)');
  const json = ['--json', 'print data as JSON', false] as const;
  lab
    .command('up')
    .description('fetch, build and boot it: a bare box, and a Xen box with its guests (paused until used)')
    .option('--guests <n>', 'guests in the Xen box, 1 to 7 (default: 5)', guests)
    .option(...json)
    .action(async (options) => {
      exit(await (await import('./lab.ts')).up(options));
    });
  lab
    .command('down')
    .description('stop it; leaves no process, socket or temporary file')
    .action(async () => {
      exit(await (await import('./lab.ts')).down());
    });
  lab
    .command('status')
    .description('what of it runs')
    .option(...json)
    .action(async (options) => {
      exit(await (await import('./lab.ts')).status(options));
    });
  lab
    .command('run')
    .description('run an experiment in it, and bring it up first if need be; it stays up')
    .argument('<file>', 'an experiment file with targets such as { lab: g1, host: dom0 }')
    .option('--out <dir>', 'the run directory (default: a new one under reports/)')
    .option('--seed <n>', 'instead of design.seed', seed)
    .option(...json)
    .action(async (file, options) => {
      exit(await (await import('./lab-run.ts')).labRun(file, options));
    });
  lab
    .command('ssh')
    .description('log in to one of its machines, or run a command there')
    .argument('<name>', 'bare, dom0, g1, g2, ...')
    .argument('[command...]')
    .passThroughOptions()
    .action(async (name, command) => {
      exit(await (await import('./lab.ts')).ssh(name, command));
    });
}

const LAB_EPILOGUE = `
First steps:
  $ vgpubench lab up                              about a minute once it is built
  $ vgpubench lab run bench/experiments/quickstart.yaml
  $ vgpubench lab ssh g1                          look around in a guest; dom0 has xl and xenstore
  $ vgpubench lab down

Inside, vgpu-mode MODE GUEST on dom0 and vgpu-mode MODE in the guest choose how the GPU reaches
it; then every workload is a command: gem, cpy, mmul, loop and a dozen more.
`;

function guests(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 7)
    throw new InvalidArgumentError('expected a whole number from 1 to 7');
  return value;
}

function seed(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 4294967295)
    throw new InvalidArgumentError('expected a whole number from 0 to 4294967295');
  return value;
}

/** As in an experiment file, without what loading its parser costs every command. */
function margin(text: string): number {
  const share = /^\d+(\.\d+)?%$/.test(text) ? Number(text.slice(0, -1)) / 100 : 0;
  if (share <= 0 || share >= 1) throw new InvalidArgumentError('expected a percentage such as 3%');
  return share;
}
