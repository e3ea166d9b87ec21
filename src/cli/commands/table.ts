import { compare } from './compare.ts';
import { collect } from './collect.ts';
import { completion } from './completion.ts';
import type { MakeCommand } from './command.ts';
import { doctor } from './doctor.ts';
import { exportCommand } from './export.ts';
import { history } from './history.ts';
import { init } from './init.ts';
import { lab } from './lab.ts';
import { list } from './list.ts';
import { merge } from './merge.ts';
import { plan } from './plan.ts';
import { quickstart } from './quickstart.ts';
import { report } from './report.ts';
import { restore } from './restore.ts';
import { resume } from './resume.ts';
import { run } from './run.ts';
import { schema } from './schema.ts';
import { submit } from './submit.ts';
import { trend } from './trend.ts';
import { tryOut } from './try.ts';

export type { Exit } from './command.ts';

/** Every command, in the order of `--help`. */
export const COMMANDS: readonly MakeCommand[] = [
  quickstart,
  init,
  list,
  doctor,
  plan,
  tryOut,
  run,
  resume,
  restore,
  report,
  merge,
  submit,
  collect,
  lab,
  compare,
  exportCommand,
  history,
  trend,
  schema,
  completion,
];
