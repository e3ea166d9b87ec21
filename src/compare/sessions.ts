/** What changed between the sessions of a run that was interrupted and resumed. */
import type { RunRecord } from '../record/run-record.ts';
import type { Warning } from './warning.ts';

type Sessions = RunRecord['sessions'];

/** Targets that were rebooted, or are reached another way, between two sessions. */
export function sessionChanges({ sessions }: Pick<RunRecord, 'sessions'>): Warning[] {
  // Another shard runs on another machine, and is not a break.
  const shards = new Map<number | undefined, Sessions>();
  for (const one of sessions) shards.set(one.shard, [...(shards.get(one.shard) ?? []), one]);
  return [...shards.values()].flatMap((own) => [...otherBoots(own), ...otherWays(own)]);
}

/** Not those that are also restarted within a session: their boots are part of the run, and many. */
function otherBoots(sessions: Sessions): Warning[] {
  const names = new Set(sessions.flatMap(({ boots }) => [...boots.keys()]));
  const moved = [...names].filter((name) => {
    const met = sessions.flatMap(({ boots }) => boots.get(name) ?? []);
    return met.every(({ size }) => size === 1) && new Set(met.flatMap((boots) => [...boots])).size > 1;
  });
  if (moved.length === 0) return [];
  const text =
    `${moved.join(', ')}: rebooted between the sessions of this run, so blocks before and after differ in what varies between boots (memory layout, clocks, placement), and are weaker evidence than as many blocks of one boot. ` +
    'If the result matters, run the experiment again without interruption';
  return [{ code: 'boots-between-sessions', text }];
}

function otherWays(sessions: Sessions): Warning[] {
  const names = new Set(sessions.flatMap(({ ssh }) => Object.keys(ssh)));
  const moved = [...names].filter((name) => new Set(sessions.flatMap(({ ssh }) => ssh[name] ?? [])).size > 1);
  if (moved.length === 0) return [];
  const text =
    `${moved.join(', ')}: the ssh configuration of the address (ssh -G) changed between the sessions of this run: blocks before and after may be from different machines, or over different routes. ` +
    'Compare the ssh_config with the earlier one; if the machine is a different one, run the experiment again';
  return [{ code: 'ssh-config-changed', text }];
}
