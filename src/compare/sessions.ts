/** What was not the same in the sessions of a run that was interrupted and resumed. */
import type { RunRecord } from '../record/run-record.ts';
import type { Warning } from './warning.ts';

type Sessions = RunRecord['sessions'];

/** Targets that were booted anew, or are reached another way, between two sessions. */
export function sessionChanges({ sessions }: Pick<RunRecord, 'sessions'>): Warning[] {
  // Another shard is another place, and no break.
  const shards = new Map<number | undefined, Sessions>();
  for (const one of sessions) shards.set(one.shard, [...(shards.get(one.shard) ?? []), one]);
  return [...shards.values()].flatMap((own) => [...otherBoots(own), ...otherWays(own)]);
}

/** Not those that are started anew within a session as well: their boots are the run's own doing, and many. */
function otherBoots(sessions: Sessions): Warning[] {
  const names = new Set(sessions.flatMap(({ boots }) => [...boots.keys()]));
  const moved = [...names].filter((name) => {
    const met = sessions.flatMap(({ boots }) => boots.get(name) ?? []);
    return met.every(({ size }) => size === 1) && new Set(met.flatMap((boots) => [...boots])).size > 1;
  });
  if (moved.length === 0) return [];
  const text =
    `${moved.join(', ')}: booted anew between the sessions of this run, so that its blocks before and after differ by what a boot draws (memory layout, clocks, placement), and are weaker evidence than as many of one boot. ` +
    'Where much rests on them, run the experiment again without a break';
  return [{ code: 'boots-between-sessions', text }];
}

function otherWays(sessions: Sessions): Warning[] {
  const names = new Set(sessions.flatMap(({ ssh }) => Object.keys(ssh)));
  const moved = [...names].filter((name) => new Set(sessions.flatMap(({ ssh }) => ssh[name] ?? [])).size > 1);
  if (moved.length === 0) return [];
  const text =
    `${moved.join(', ')}: what ssh makes of the address (ssh -G) changed between the sessions of this run: its blocks before and after may be of another machine, or another way to it. ` +
    'Compare the ssh_config with what it was; if it is another machine, run the experiment again';
  return [{ code: 'ssh-config-changed', text }];
}
