/** What must be so once a run has ended, whatever it went through: each violation in words. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Event } from '../../src/record/event.ts';
import { readEvents } from '../../src/record/read-journal.ts';
import { FILES, readPlan } from '../../src/record/run-directory.ts';
import { messageOf } from '../../src/problem.ts';
import { unprovedIn } from '../support/whole-run.ts';
import { processesWith } from '../support/processes.ts';
import { type Guest, SAMPLES, executionsOf, isAsItWas } from './workload.ts';

/** A journal is readable at any time, by whoever reports or goes on. */
export function unreadable(directory: string): string[] {
  try {
    const events = readEvents(join(directory, FILES.journal));
    while (events.next().done !== true);
    return [];
  } catch (error) {
    return [`the journal can't be read: ${messageOf(error)}`];
  }
}

/** @param forgotten executions whose results were removed by a restore, or with an attempt that failed, at most. */
export function violationsOf(directory: string, guest: Guest, forgotten: number): string[] {
  const broken = unreadable(directory);
  if (broken.length > 0) return broken;
  const events = [...readEvents(join(directory, FILES.journal))];
  return [
    ...inTrials(directory, events),
    ...inExecutions(events, executionsOf(guest), forgotten),
    ...(isAsItWas(guest) ? [] : ['the target is not as it was']),
    ...left(directory, tokenOf(events), guest).map((what) => `left: ${what}`),
  ];
}

/** Each trial completed in its last attempt, with each sample once; an attempt before it has none twice, and completed only where it was cut off unproved. */
function inTrials(directory: string, events: readonly Event[]): string[] {
  const inOrder = (count: number) => Array.from({ length: count }, (_, index) => index).join(' ');
  const unproved = unprovedIn(events);
  return readPlan(directory).trials.flatMap(({ id }) => {
    const samples = events.filter((event) => event.type === 'sample').filter(({ trial }) => trial === id);
    const ends = events.filter((event) => event.type === 'trial-ended').filter(({ trial }) => trial === id);
    const completed = ends.filter(({ outcome }) => outcome.kind === 'completed');
    return [
      ...(completed.length === 1 + unproved.filter((one) => one === id).length &&
      ends.at(-1) === completed.at(-1)
        ? []
        : [`${id} completed ${completed.length} times, and ended ${ends.length} times`]),
      ...ends.flatMap(({ attempt, outcome }) => {
        const taken = samples.filter((sample) => sample.attempt === attempt).map(({ index }) => index);
        const wanted = inOrder(outcome.kind === 'completed' ? SAMPLES : taken.length);
        return taken.join(' ') === wanted ? [] : [`${id}, attempt ${attempt}: samples ${taken.join(' ')}`];
      }),
    ];
  });
}

/** What the guest executed and what the journal has are the same. */
function inExecutions(events: readonly Event[], executed: readonly number[], forgotten: number): string[] {
  const recorded = events
    .filter((event) => event.type === 'sample')
    .map(({ guests }) => guests[0]?.readings[0]?.metrics[0]?.value ?? NaN);
  const unrecorded = executed.filter((one) => !recorded.includes(one)).length;
  return [
    ...(new Set(recorded).size === recorded.length ? [] : ['one execution is several samples']),
    ...(recorded.every((one) => executed.includes(one)) ? [] : ['a sample was never executed']),
    ...(unrecorded <= forgotten
      ? []
      : [`${unrecorded} executions are no sample; ${forgotten} were forgotten`]),
  ];
}

function tokenOf(events: readonly Event[]): string {
  const [first] = events;
  if (first?.type !== 'run-started') throw new Error('the journal does not begin with run-started');
  return first.token;
}

/** Files and processes of a run on its target, and its lock. */
function left(directory: string, token: string, { executions }: Guest): string[] {
  return [
    ...['/dev/shm', '/tmp', '/var/tmp'].flatMap((place) =>
      readdirSync(place)
        .filter((name) => name.includes(token))
        .map((name) => join(place, name)),
    ),
    ...[token, executions].flatMap(processesWith).map((pid) => `process ${pid}`),
    ...readdirSync(directory)
      .filter((name) => name === 'run.lock' || name.endsWith('.partial'))
      .map((name) => join(directory, name)),
  ];
}
