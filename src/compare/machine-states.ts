/** Problems with figures that the states of machines with a GPU show: each a warning with the next step. */
import { z } from 'zod';
import type { Experiment } from '../experiment/schema.ts';
import type { RunRecord } from '../record/run-record.ts';
import { machineStateShape } from '../record/state-schema.ts';
import type { Warning } from './warning.ts';

export const machineStatesSchema = z
  .array(z.object(machineStateShape))
  .describe('The state of machines with a GPU, before and after each stay; absent if none reports it.');

export type MachineStates = z.output<typeof machineStatesSchema>;
type GpuState = MachineStates[number]['after'][number];

/** The states of all stays, in their order. */
export function machineStatesOf({ visits }: Pick<RunRecord, 'visits'>): MachineStates {
  return visits.flatMap(({ block, mode, states }) => states.map((state) => ({ block, mode, ...state })));
}

/** Another domain that uses more CPU than this affects the figures. */
const BUSY_CPUS = 0.1;

export function stateWarnings(experiment: Pick<Experiment, 'targets'>, states: MachineStates): Warning[] {
  return [
    ...faults(states),
    ...ofGpus(states, 'gpu-throttled', throttled),
    ...ofGpus(states, 'gpu-link', narrow),
    ...ofGpus(states, 'gpu-level', slow),
    ...idle(states),
    ...tenants(experiment, states),
  ];
}

function faults(states: MachineStates): Warning[] {
  return [...grouped(states)].flatMap(([target, own]) => {
    const told = own.filter((state) => state.faults.length > 0);
    const [first] = told;
    if (first === undefined) return [];
    const stays = told
      .map(({ block, mode }) => `${mode} in block ${block}`)
      .slice(0, 3)
      .join(', ');
    const text = `the kernel of ${target} reported GPU faults in ${told.length} of ${own.length} stays (${stays}): “${first.faults[0] ?? ''}”. Those trials may be slow or lost: look at dmesg there, and exclude those blocks if the mode is not the cause`;
    return [{ code: 'gpu-faults', text }];
  });
}

function grouped(states: MachineStates): Map<string, MachineStates> {
  const groups = new Map<string, MachineStates>();
  for (const state of states) groups.set(state.target, [...(groups.get(state.target) ?? []), state]);
  return groups;
}

/** One warning for each GPU that had a problem after some stay: the newest words. */
function ofGpus(states: MachineStates, code: string, say: (gpu: GpuState) => string | undefined): Warning[] {
  const seen = new Map<string, { words: string; times: number; of: number }>();
  for (const { target, after } of states)
    for (const gpu of after) {
      const key = `${gpu.device} of ${target}`;
      const words = say(gpu);
      const known = seen.get(key) ?? { words: '', times: 0, of: 0 };
      seen.set(key, {
        words: words ?? known.words,
        times: known.times + (words === undefined ? 0 : 1),
        of: known.of + 1,
      });
    }
  return [...seen].flatMap(([gpu, { words, times, of }]) =>
    times === 0 ? [] : [{ code, text: `${gpu}, after ${times} of ${of} stays: ${words}` }],
  );
}

function throttled({ throttled: why }: GpuState): string | undefined {
  if (why === null || why === '') return undefined;
  return `its clock was throttled (${why}), which affects the longest work first. Cool it, raise its power limit, or lock its clocks at a lower rate for all modes`;
}

function narrow({ lanes, mostLanes }: GpuState): string | undefined {
  if (lanes === null || mostLanes === null || lanes >= mostLanes || lanes === 0) return undefined;
  return `its PCIe link has ${lanes} of ${mostLanes} lanes, so copies take longer. Reseat the card, or use another slot; if this is intended, mention it with the figures`;
}

function slow({ device, level, mostLevel, clockMhz }: GpuState): string | undefined {
  if (mostLevel === null || level === mostLevel) return undefined;
  const at = clockMhz === null ? '' : ` (${clockMhz} MHz)`;
  const is = level === null ? `at the clocks set at boot${at}` : `at level ${level}${at}`;
  return `nouveau runs it ${is}, but its highest level is ${mostLevel}, and nouveau never changes clocks by itself. Before the run, as root and in each boot: echo ${mostLevel} > /sys/kernel/debug/dri/${device.replace(/^card/, '')}/pstate, or mention it with the figures`;
}

/** A clock below this share of its limit right after trials never rose to it. */
const RISEN = 0.5;

/**
 * NVIDIA's driver takes seconds to lower a clock, so one read right after trials still has its value from
 * them; other drivers lower it at once.
 */
function idle(states: MachineStates): Warning[] {
  const shares = new Map<string, number>();
  for (const { target, after } of states)
    for (const { device, clockMhz, mostMhz } of after) {
      if (!device.startsWith('GPU-') || clockMhz === null || mostMhz === null) continue;
      const key = `${device} of ${target}`;
      shares.set(key, Math.max(shares.get(key) ?? 0, clockMhz / mostMhz));
    }
  return [...shares].flatMap(([gpu, share]) => {
    if (share >= RISEN) return [];
    const text = `${gpu} had at most ${(share * 100).toFixed(0)}% of its clock after each stay: such short work does not raise it. Have a run do more work, or lock the clocks at the same rate for all modes (nvidia-smi -lgc)`;
    return [{ code: 'gpu-idle', text }];
  });
}

function tenants({ targets }: Pick<Experiment, 'targets'>, states: MachineStates): Warning[] {
  const own = ['Domain-0', ...Object.entries(targets).map(([name, { domain }]) => domain ?? name)];
  const sums = new Map<string, { cpuS: number; spentS: number }>();
  for (const { target, spentS, domains } of states)
    for (const { name, cpuS } of domains.filter((one) => !own.includes(one.name))) {
      const key = `${name} on ${target}`;
      const sum = sums.get(key) ?? { cpuS: 0, spentS: 0 };
      sums.set(key, { cpuS: sum.cpuS + cpuS, spentS: sum.spentS + spentS });
    }
  return [...sums].flatMap(([domain, { cpuS, spentS }]) => {
    const cpus = cpuS / spentS;
    if (!(cpus > BUSY_CPUS)) return [];
    const text = `the domain ${domain} is not part of the experiment, and used ${cpus.toFixed(1)} CPUs during it. Shut it down, or pause it (xl pause) during the run`;
    return [{ code: 'other-tenants', text }];
  });
}

/**
 * Where the virtual CPUs of a mode's domains may run, as reported by their hosts; dom0's own for a mode in
 * dom0.
 */
export function pinningOf(mode: string, { modes, targets }: Placing, visits: RunRecord['visits']): string[] {
  const names = (modes[mode]?.on ?? []).map((name) => {
    const { host, domain } = targets[name] ?? {};
    return host === undefined ? { on: name, domain: 'Domain-0' } : { on: host, domain: domain ?? name };
  });
  const told = visits
    .filter((visit) => visit.mode === mode)
    .flatMap(({ states }) => states)
    .flatMap(({ target, domains }) =>
      domains.filter(({ name }) => names.some(({ on, domain }) => on === target && domain === name)),
    );
  return [...new Set(told.map(({ pinned }) => pinned))];
}

type Placing = Pick<Experiment, 'modes' | 'targets'>;
