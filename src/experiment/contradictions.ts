import { guestsOf } from '../mode/kind.ts';
import { modeKindOf } from '../mode/kinds.ts';
import { workloadName } from '../workload/kind.ts';
import { workloadKindOf } from '../workload/kinds.ts';
import { ofMachines, ofModeOnMachines } from './machine-contradictions.ts';
import type { Misfit } from './misfit.ts';
import type { Experiment } from './schema.ts';
import { selfNames } from './self-comparison.ts';

/** Every contradiction in the experiment. */
export function contradictions(experiment: Experiment): Misfit[] {
  return [
    ...ofWorkloads(experiment),
    ...ofSelfComparison(experiment),
    ...ofTargets(experiment),
    ...ofMachines(experiment),
    ...Object.keys(experiment.modes).flatMap((name) => ofMode(name, experiment)),
  ];
}

function ofWorkloads({ workloads }: Experiment): Misfit[] {
  const first = new Map(
    workloads.map((workload, index) => [workloadName(workload), index] as const).reverse(),
  );
  return workloads.flatMap((workload, index) => [
    ...(first.get(workloadName(workload)) === index
      ? []
      : [
          {
            path: ['workloads', index],
            expected: 'a different name for each workload (key name)',
            found: `${workloadName(workload)} twice`,
          },
        ]),
    ...workloadKindOf(workload)
      .contradictions(workload)
      .map(({ key, ...rest }) => ({ path: ['workloads', index, ...key], ...rest })),
  ]);
}

function ofTargets({ targets }: Experiment): Misfit[] {
  const powered = Object.entries(targets)
    .filter(([, { power, host }]) => power !== undefined && host === undefined)
    .map(([name]) => ({
      path: ['targets', name, 'power'],
      expected: 'the key host next to power, because the host starts and stops a guest',
      found: 'no host',
    }));
  return [...powered, ...ofHosts(targets)];
}

/**
 * Targets that are, directly or through others, their own host: each cycle once, and each target visited
 * once.
 */
function ofHosts(targets: Experiment['targets']): Misfit[] {
  const seen = new Set<string>();
  return Object.keys(targets).flatMap((name) => {
    const way = new Set<string>();
    let at: string | undefined = name;
    for (; at !== undefined && Object.hasOwn(targets, at) && !seen.has(at); at = targets[at]?.host) {
      seen.add(at);
      way.add(at);
    }
    if (at === undefined || !way.has(at)) return [];
    const round = [...way].slice([...way].indexOf(at));
    return {
      path: ['targets', at, 'host'],
      expected: `a target other than ${at} itself`,
      found: round.length === 1 ? at : [...round, at].join(', on '),
    };
  });
}

function ofSelfComparison({ baseline, design, modes }: Experiment): Misfit[] {
  return selfNames(baseline, design.aa)
    .filter((name) => name in modes)
    .map((name) => ({
      path: ['modes', name],
      expected: 'another name, because design.aa adds a mode with this one',
      found: name,
    }));
}

function ofMode(name: string, { modes, targets }: Experiment): Misfit[] {
  const mode = modes[name];
  if (mode === undefined) return [];
  const kind = modeKindOf(mode);
  const { mostGuests } = kind.facts;
  const guests = guestsOf(mode);
  const at = (...key: readonly (string | number)[]) => ['modes', name, ...key];
  const found: Misfit[] = [];
  if (new Set(guests).size !== guests.length)
    found.push({ path: at('on'), expected: 'each target once', found: guests.join(', ') });
  const whyHost = kind.needsHost(mode);
  for (const target of guests)
    if (whyHost !== undefined && Object.hasOwn(targets, target) && targets[target]?.host === undefined)
      found.push({
        path: ['targets', target],
        expected: `the key host, because mode ${name} ${whyHost}`,
        found: 'no host',
      });
  const whyPower = kind.needsPower(mode);
  for (const target of guests)
    if (whyPower !== undefined && Object.hasOwn(targets, target) && targets[target]?.power === undefined)
      found.push({
        path: ['targets', target],
        expected: `the key power, because mode ${name} ${whyPower}, such as power: { use: xl, config: /etc/xen/${target}.cfg }`,
        found: 'no power',
      });
  if (guests.length > mostGuests)
    found.push({
      path: at('on'),
      expected: `${mostGuests === 1 ? 'one target' : `at most ${mostGuests} targets`}: ${mode.use} does not support more guests`,
      found: guests.join(', '),
    });
  if (mode.baseline === name)
    found.push({ path: at('baseline'), expected: 'a mode other than itself', found: name });
  return [
    ...found,
    ...ofModeOnMachines(name, { modes, targets }),
    ...kind.contradictions(mode).map(({ key, ...rest }) => ({ path: at(...key), ...rest })),
  ];
}
