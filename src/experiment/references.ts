import type { Experiment } from './schema.ts';

/** A word in the file that must name something defined in the file, but does not. */
export interface BadReference {
  path: (string | number)[];
  what: string;
  word: string;
  words: string[];
}

/** Every dangling reference of the experiment, in file order. */
export function badReferences(experiment: Experiment): BadReference[] {
  const targets = Object.keys(experiment.targets);
  const modes = Object.keys(experiment.modes);
  const found: BadReference[] = [];
  if (!Object.hasOwn(experiment.modes, experiment.baseline))
    found.push({
      path: ['baseline'],
      what: 'a mode of this file as the baseline',
      word: experiment.baseline,
      words: modes,
    });
  const machines = experiment.machines ?? {};
  for (const [name, { host, machine, boot }] of Object.entries(experiment.targets)) {
    if (host !== undefined && !Object.hasOwn(experiment.targets, host))
      found.push({ path: ['targets', name, 'host'], what: 'a target', word: host, words: targets });
    if (machine === undefined) continue;
    const path = ['targets', name];
    const words = Object.keys(machines);
    if (!Object.hasOwn(machines, machine))
      found.push({ path: [...path, 'machine'], what: 'a machine of this file', word: machine, words });
    const boots = Object.keys(machines[machine]?.boots ?? {});
    if (boot !== undefined && boots.length > 0 && !boots.includes(boot))
      found.push({ path: [...path, 'boot'], what: `a boot of ${machine}`, word: boot, words: boots });
  }
  for (const [name, { on, neighbour, baseline }] of Object.entries(experiment.modes)) {
    const lists = [
      { path: ['modes', name, 'on'], words: on },
      { path: ['modes', name, 'neighbour', 'on'], words: neighbour?.on ?? [] },
    ];
    for (const list of lists)
      list.words.forEach((word, index) => {
        if (!Object.hasOwn(experiment.targets, word))
          found.push({ path: [...list.path, index], what: 'a target', word, words: targets });
      });
    if (baseline !== undefined && !Object.hasOwn(experiment.modes, baseline))
      found.push({
        path: ['modes', name, 'baseline'],
        what: 'a mode of this file as its baseline',
        word: baseline,
        words: modes,
      });
  }
  return found;
}
