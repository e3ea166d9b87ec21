import { join } from 'node:path';
import type { Experiment } from '../experiment/schema.ts';
import { addedPlan, wholePlan } from '../plan/added-blocks.ts';
import type { Plan } from '../plan/plan.ts';
import type { Event } from './event.ts';
import { recordOf } from './fold.ts';
import { readEvents } from './read-journal.ts';
import { type Run, readDesign, requireAsBegun } from './read-run.ts';
import { FILES } from './run-directory.ts';

/**
 * A run whose journal has lines that are unreadable, missing, duplicated or moved. Their content is unknown:
 * a sample, or a failed attestation. So the blocks around such a line are excluded as a whole; other blocks
 * don't depend on it.
 * @throws Problem
 */
export function salvageRun(directory: string): Run {
  const { experiment, plan } = readDesign(directory);
  const path = join(directory, FILES.journal);
  const blockOf = blockFinder(experiment, plan);
  const lost: { line: number; found: string; blocks: Set<number> }[] = [];
  /** Those after which no event of a block has come yet. */
  const open = new Set<(typeof lost)[number]>();
  let block: number | undefined;
  function* events(): Generator<Event> {
    const readable = readEvents(path, (line, found) => {
      const one = { line, found, blocks: new Set(block === undefined ? [] : [block]) };
      lost.push(one);
      open.add(one);
    });
    for (const event of readable) {
      const now = blockOf(event);
      if (now !== undefined) {
        block = now;
        for (const one of open) one.blocks.add(now);
        open.clear();
      }
      yield event;
    }
  }
  const record = recordOf(events());
  requireAsBegun(directory, record);
  const unchecked =
    lost[0]?.line === 1
      ? '; whether the experiment or the plan was edited after the run began is unknown, too'
      : '';
  for (const { line, found, blocks } of lost) {
    const which = [...blocks].join(' and ');
    const what = `line ${line} of the journal is unreliable`;
    record.incidents.push({
      ...{ wall: record.newest ?? '', kind: 'void', target: null, trial: null },
      text: `${what} (${found}); ${which === '' ? 'no block is affected' : `block ${which} is excluded`}${unchecked}`,
    });
    const { trials } = wholePlan(experiment, plan, record.added);
    for (const { id } of trials.filter((trial) => blocks.has(trial.block))) {
      const trial = record.trials.get(id);
      // The line may be its missing outcome.
      const given = trial?.outcome?.kind ?? 'completed';
      if (trial !== undefined && given === 'completed')
        trial.outcome = { kind: 'void', reason: `${what}, in its block` };
    }
  }
  return { experiment, plan, record };
}

function blockFinder(experiment: Experiment, plan: Plan): (event: Event) => number | undefined {
  const blocks = new Map(plan.trials.map(({ id, block }) => [id, block]));
  return (event) => {
    if (event.type === 'blocks-added')
      for (const { id, block } of addedPlan(experiment, plan, event).trials) blocks.set(id, block);
    if ('block' in event) return event.block;
    return 'trial' in event && event.trial ? blocks.get(event.trial) : undefined;
  };
}
