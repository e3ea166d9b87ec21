/** Stops the lab by its recorded process ids; works after a crash too. */
import { rm } from 'node:fs/promises';
import { endProcess } from '../boot/processes.ts';
import { labPaths, type LabPaths } from '../paths.ts';
import { type Report, step } from '../step.ts';
import { readState, removeState } from './state.ts';
import { useLab } from './use.ts';

/**
 * Leaves no process, socket or temporary file; the logs of the last run are kept.
 * @throws Problem if another process brings the lab up or runs in it.
 */
export async function labDown(report: Report, paths = labPaths()): Promise<void> {
  const release = useLab(paths);
  try {
    await takeDown(report, paths);
  } finally {
    release();
  }
}

async function takeDown(report: Report, paths: LabPaths): Promise<void> {
  const state = await readState(paths);
  if (state === undefined) return;
  // Machines first: a GPU whose box is gone ends by itself.
  for (const process of [...state.processes].reverse())
    await step(report, `stop ${process.name}`, () => endProcess(process));
  if (state.damaged !== undefined && state.processes.length === 0)
    report(
      `${state.damaged}: end any remaining QEMU process with ${paths.run} in its command line yourself`,
      0,
    );
  for (const file of state.files) await rm(file, { force: true });
  await removeState(paths);
}
