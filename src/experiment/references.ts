import { sleeps } from './lab-targets.ts';
import type { Experiment } from './schema.ts';
import { metricName, metricsOf, workloadName } from './workload-schema.ts';
import { selfNames } from './self-comparison.ts';

/** A word in the file that must name something defined in the file, and does not. */
export interface BadReference {
  path: (string | number)[];
  what: string;
  word: string;
  words: string[];
}

/** Every reference of the experiment that points nowhere, in file order. */
export function badReferences(experiment: Experiment): BadReference[] {
  const targets = Object.keys(experiment.targets);
  const modes = Object.keys(experiment.modes);
  const found: BadReference[] = [];
  if (!modes.includes(experiment.baseline))
    found.push({
      path: ['baseline'],
      what: 'a mode of this file as the baseline',
      word: experiment.baseline,
      words: modes,
    });
  for (const [name, target] of Object.entries(experiment.targets))
    if (target.host !== undefined && !targets.includes(target.host))
      found.push({ path: ['targets', name, 'host'], what: 'a target', word: target.host, words: targets });
  for (const [name, mode] of Object.entries(experiment.modes))
    mode.on.forEach((word, index) => {
      if (!targets.includes(word))
        found.push({ path: ['modes', name, 'on', index], what: 'a target', word, words: targets });
    });
  return found;
}

/** Mistakes between parts of the file that are each well-formed: a path and a sentence. */
export function contradictions(
  experiment: Experiment,
): { path: (string | number)[]; expected: string; found: string }[] {
  const found: { path: (string | number)[]; expected: string; found: string }[] = [];
  const seen = new Set<string>();
  experiment.workloads.forEach((workload, index) => {
    const name = workloadName(workload);
    if (seen.has(name))
      found.push({
        path: ['workloads', index],
        expected: 'each workload to have a name of its own (key name)',
        found: `${name} twice`,
      });
    seen.add(name);
    if (workload.use !== 'command') return;
    const names = metricsOf(workload).map(metricName);
    names.forEach((metric, place) => {
      if (names.indexOf(metric) !== place)
        found.push({
          path: ['workloads', index, 'metrics', place],
          expected: 'each metric of a workload to have a name of its own (key name)',
          found: `${metric} twice`,
        });
    });
  });
  for (const name of selfNames(experiment.baseline, experiment.design.aa))
    if (name in experiment.modes)
      found.push({
        path: ['modes', name],
        expected: 'another name, since design.aa adds a mode of this one',
        found: name,
      });
  for (const [name, mode] of Object.entries(experiment.modes)) {
    if (new Set(mode.on).size !== mode.on.length)
      found.push({ path: ['modes', name, 'on'], expected: 'each target once', found: mode.on.join(', ') });
    if (sleeps(mode))
      for (const target of mode.on)
        if (experiment.targets[target] !== undefined && experiment.targets[target].host === undefined)
          found.push({
            path: ['targets', target],
            expected: `the key host, since mode ${name} is made on the guest’s host`,
            found: 'no host',
          });
    if (mode.use === 'lab-passthrough' && mode.on.length > 1)
      found.push({
        path: ['modes', name, 'on'],
        expected: 'one target: the whole GPU is given to one guest',
        found: mode.on.join(', '),
      });
    if (mode.use !== 'custom') continue;
    const needsHost = [...mode.prepare, ...mode.attest, ...mode.restore].some(
      (command) => command.at === 'host',
    );
    for (const target of mode.on)
      if (
        needsHost &&
        experiment.targets[target] !== undefined &&
        experiment.targets[target].host === undefined
      )
        found.push({
          path: ['targets', target],
          expected: `the key host, since mode ${name} runs commands at: host`,
          found: 'no host',
        });
    if (mode.prepare.length > 0 && mode.restore.length === 0)
      found.push({
        path: ['modes', name],
        expected:
          'the key restore beside prepare, so that the target can be put back after any crash (restore: [":"] if there is nothing to undo)',
        found: 'prepare without restore',
      });
  }
  return found;
}
