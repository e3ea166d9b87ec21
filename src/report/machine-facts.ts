/** The state of a machine's GPUs over a run, as facts for a reader. */
import type { Results } from '../compare/results.ts';

type GpuState = NonNullable<Results['machineStates']>[number]['after'][number];

/** By name; empty if the machine has no GPU that reports any. */
export function gpuFacts({ machineStates = [] }: Results, target: string): [name: string, value: string][] {
  const states = machineStates.filter((state) => state.target === target);
  const devices = new Set(states.flatMap(({ after }) => after.map(({ device }) => device)));
  return [...devices].flatMap((device) => {
    const of = (when: 'before' | 'after') =>
      states.flatMap((state) => state[when].filter((one) => one.device === device));
    const [before, after] = [of('before'), of('after')];
    const newest = after.at(-1);
    const facts: [string, string | undefined][] = [
      ['clock after trials', withMost(range(after, 'clockMhz', 'MHz'), newest?.mostMhz, 'MHz')],
      ['memory clock', range(after, 'memoryMhz', 'MHz')],
      ['temperature', range([...before, ...after], 'celsius', '°C')],
      ['power after trials', range(after, 'watts', 'W')],
      ['PCIe link', link(newest)],
      [
        'throttled by',
        [...new Set(after.flatMap(({ throttled }) => throttled || []))].join('; ') || undefined,
      ],
      [
        'nouveau’s level',
        newest?.mostLevel == null
          ? undefined
          : `${newest.level ?? 'set at boot'}, of up to ${newest.mostLevel}`,
      ],
    ];
    return facts.flatMap(([name, value]): [string, string][] =>
      value === undefined ? [] : [[`${device}: ${name}`, value]],
    );
  });
}

function range(
  all: readonly GpuState[],
  key: 'clockMhz' | 'memoryMhz' | 'celsius' | 'watts',
  unit: string,
): string | undefined {
  const known = all.flatMap((one) => one[key] ?? []);
  if (known.length === 0) return undefined;
  const [least, most] = [Math.min(...known), Math.max(...known)].map((value) =>
    String(Number(value.toPrecision(4))),
  );
  return least === most ? `${least ?? ''} ${unit}` : `${least ?? ''} to ${most ?? ''} ${unit}`;
}

function withMost(
  text: string | undefined,
  most: number | null | undefined,
  unit: string,
): string | undefined {
  return text === undefined || most == null ? text : `${text}, of up to ${most} ${unit}`;
}

function link(gpu: GpuState | undefined): string | undefined {
  if (gpu?.lanes == null && gpu?.link == null) return undefined;
  const lanes = gpu.lanes === null ? [] : [`${gpu.lanes} of ${gpu.mostLanes ?? gpu.lanes} lanes`];
  const speed = gpu.link === null ? [] : [`${gpu.link}${gpu.mostLink === null ? '' : ` of ${gpu.mostLink}`}`];
  return [...lanes, ...speed].join(', ');
}
