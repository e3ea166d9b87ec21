/** What `import { ... } from 'vgpubench'` offers: the use cases of the command line, which print nothing. */
export { Problem, describeProblem } from '../problem.ts';
export { EXIT_CODES, type ExitCode } from '../exit-code.ts';
export type { Comparison, Results } from '../compare/results.ts';
export type { Gate } from '../gate/gate.ts';
export type { Event } from '../record/event.ts';
export { type Check, checkExperiment } from './doctor.ts';
export { type GateOptions, compareRuns } from './gate.ts';
export { type ListedKind, type ListedOption, type ListedWhat, listKinds } from './list.ts';
export { loadResults } from './load-results.ts';
export type { Observe, Observer, SessionView } from './observe.ts';
export { type PlannedRun, planRun } from './plan.ts';
export { type Report, type ReportOptions, reportRun } from './report.ts';
export { type Restored, restoreRun } from './restore.ts';
export { type ResumeOptions, resumeRun } from './resume.ts';
export { type RunOptions, runExperiment } from './run.ts';
export { schemaNamed } from './schema.ts';
export type { Outcome, SessionOptions } from './session.ts';
export { type TryOptions, tryExperiment } from './try.ts';
