/** What modes, and the power of their guests, can check about a set-up before anything is changed. */
import type { Experiment } from '../experiment/schema.ts';
import { type Placed, placedIn, sitesOf } from '../measure/sites.ts';
import { factsOf } from '../mode/facts.ts';
import { modeFor, modeKindOf } from '../mode/kinds.ts';
import { powerKindOf } from '../power/kinds.ts';
import type { Target } from '../target/target.ts';
import type { Examined } from '../words/examined.ts';

/** What goes wrong on the way is reported by a target’s own check. */
const UNHEARD = () => undefined;

/** @param answers Targets that answer: no others are asked. @throws LinkLost */
export async function lookAtModes(
  experiment: Experiment,
  targets: ReadonlyMap<string, Target>,
  answers: ReadonlySet<string>,
): Promise<Examined[]> {
  const looks = Object.entries(experiment.modes).map(async ([name, spec]) => {
    const { examine } = await modeFor(name, spec);
    if (examine === undefined) return [];
    const isAsked = ({ target, host }: Placed) =>
      modeKindOf(spec).needsHost(spec) === undefined
        ? answers.has(target.name)
        : host !== undefined && answers.has(host.name);
    const sites = placedIn(name, experiment, targets, UNHEARD).filter(isAsked);
    const found = await Promise.all(sites.map(({ target, site }) => examine(site, answers.has(target.name))));
    return found.flat().map((one) => ({ ...one, what: `mode ${name}`, found: `${one.what}: ${one.found}` }));
  });
  return (await Promise.all(looks)).flat();
}

/** How guests are powered, according to their hosts. @throws LinkLost */
export async function lookAtPower(
  experiment: Experiment,
  targets: ReadonlyMap<string, Target>,
  answers: ReadonlySet<string>,
): Promise<Examined[]> {
  const looks = Object.entries(experiment.targets).map(async ([guest, { power }]) => {
    const [placed] = sitesOf([guest], experiment, targets, UNHEARD);
    const host = placed?.site.host;
    if (power === undefined || placed === undefined || host === undefined || !answers.has(host.name))
      return [];
    const looking = powerKindOf(power).look?.(power, { guest, host: host.name, domain: placed.site.domain });
    if (looking === undefined) return [];
    return looking.judge(await factsOf(host, looking.script)).map((look) => ({
      ...look,
      target: host.name,
      what: `power of ${guest}`,
      found: `${look.what}: ${look.found}`,
    }));
  });
  return (await Promise.all(looks)).flat();
}

/** Guests that don’t answer although they are on, according to their hosts. @throws LinkLost */
export async function mute(
  experiment: Experiment,
  targets: ReadonlyMap<string, Target>,
  answers: ReadonlySet<string>,
): Promise<Set<string>> {
  const silent = Object.keys(experiment.targets).filter((name) => !answers.has(name));
  const found = await Promise.all(
    sitesOf(silent, experiment, targets, UNHEARD).map(async ({ target, site: { host, power } }) => {
      if (host === undefined || power === undefined || !answers.has(host.name)) return [];
      return (await host.run(power.running)).exitCode === 0 ? [target.name] : [];
    }),
  );
  return new Set(found.flat());
}
