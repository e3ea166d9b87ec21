/** What happened in each block: how its modes were attested, what was lost, and the incidents. */
import type { Results } from '../compare/results.ts';

export interface BlockStory {
  block: number;
  /** By mode, for visits with evidence: how often it was requested, and how often it held. */
  attested: Map<string, { held: number; of: number }>;
  /** Trials that gave no figure. */
  lost: Results['unsuccessful'];
  incidents: Results['incidents'];
}

type Told = Pick<Results, 'attestations' | 'cells' | 'incidents' | 'unsuccessful'>;

/** A story for each block that was started, in order. */
export function blockStories(results: Told): BlockStory[] {
  const stories = new Map<number, BlockStory>();
  const storyOf = (block: number): BlockStory => {
    const known = stories.get(block);
    if (known !== undefined) return known;
    const story = { block, attested: new Map<string, never>(), lost: [], incidents: [] };
    stories.set(block, story);
    return story;
  };
  for (const { block } of results.cells.flatMap(({ trials }) => trials)) storyOf(block);
  for (const { block, mode, findings, ok } of results.attestations) {
    if (findings.length === 0) continue;
    const { attested } = storyOf(block);
    const { held, of } = attested.get(mode) ?? { held: 0, of: 0 };
    attested.set(mode, { held: held + (ok ? 1 : 0), of: of + 1 });
  }
  const blockOf = placer(results);
  for (const one of results.unsuccessful) storyOf(blockOf(one.trial, null)).lost.push(one);
  for (const one of results.incidents) storyOf(blockOf(one.trial, one.wall)).incidents.push(one);
  return [...stories.values()].sort((a, b) => a.block - b.block);
}

/**
 * Finds the block of a trial or, without a trial, of a time: the block of the last trial that began before
 * it.
 */
function placer({ cells, unsuccessful }: Told): (trial: string | null, wall: string | null) => number {
  const trials = cells.flatMap((cell) => cell.trials);
  const byTrial = new Map(trials.map(({ trial, block }) => [trial, block]));
  for (const { trial, block } of unsuccessful) if (block !== undefined) byTrial.set(trial, block);
  const begun = trials.toSorted((a, b) => (a.wall < b.wall ? -1 : 1));
  const first = trials.reduce((least, { block }) => Math.min(least, block), Infinity);
  return (trial, wall) => {
    const known = trial === null ? undefined : byTrial.get(trial);
    if (known !== undefined) return known;
    const before = wall === null ? undefined : begun.findLast((one) => one.wall <= wall);
    return before?.block ?? (Number.isFinite(first) ? first : 1);
  };
}
