import { guestsOf } from '../mode/kind.ts';
import { bootsUsed, machineBootOf } from './boots.ts';
import type { Misfit } from './misfit.ts';
import type { Experiment } from './schema.ts';

/** Contradictions between targets and their machines. */
export function ofMachines(experiment: Experiment): Misfit[] {
  const { machines = {}, targets } = experiment;
  return Object.entries(targets).flatMap(([name, { machine, boot, host, power }]) => {
    const at = (key: string) => ['targets', name, key];
    if (machine === undefined) {
      const own =
        boot === undefined ? undefined : { path: at('boot'), expected: 'the key machine next to boot' };
      if (own !== undefined) return [{ ...own, found: 'no machine' }];
      const on = machineBootOf(name, experiment);
      const booted = on !== undefined && bootsUsed(on.machine, experiment).size > 1;
      if (!booted || power !== undefined) return [];
      const expected = `the key power, because its host ${host ?? ''} is rebooted in each block and has to start it`;
      return [{ path: ['targets', name], expected, found: 'no power' }];
    }
    if (host !== undefined)
      return [
        {
          path: at('machine'),
          expected: `no key machine next to host: a guest is on the machine of its host, ${host}`,
          found: machine,
        },
      ];
    const boots = Object.keys(machines[machine]?.boots ?? {});
    if (boots.length > 0 && boot === undefined)
      return [
        {
          path: ['targets', name],
          expected: `the key boot, the boot in which this target is up: one of ${boots.join(', ')}`,
          found: 'no boot',
        },
      ];
    if (boots.length === 0 && boot !== undefined && Object.hasOwn(machines, machine))
      return [
        {
          path: ['machines', machine],
          expected: `the key boots, because targets.${name} is up in its boot ${boot}`,
          found: 'no boots',
        },
      ];
    return [];
  });
}

/** A machine is in one boot at a time, and so is everything a mode is entered in. */
export function ofModeOnMachines(mode: string, experiment: Pick<Experiment, 'modes' | 'targets'>): Misfit[] {
  const boots = new Map<string, string | null>();
  const spec = experiment.modes[mode];
  for (const target of spec === undefined ? [] : guestsOf(spec)) {
    const on = machineBootOf(target, experiment);
    if (on === undefined) continue;
    const { machine, boot } = on;
    const other = boots.get(machine) ?? boot;
    if (other !== boot)
      return [
        {
          path: ['modes', mode, 'on'],
          expected: `targets that are up at the same time, because ${machine} can only be in one boot at a time`,
          found: `${other ?? ''} and ${boot ?? ''} of ${machine}`,
        },
      ];
    boots.set(machine, boot);
  }
  return [];
}
