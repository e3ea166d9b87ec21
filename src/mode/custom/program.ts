import { quote } from '../../words/quote.ts';
import { hostOf } from '../host.ts';
import type { Change, Counters, Finding, Mode, Place, Site } from '../mode.ts';
import { growthOf, readCounters } from './counters.ts';
import { type CustomSpec, type PlacedCommand, isWoken } from './kind.ts';

/** A user-defined mode: command lists from the experiment file, and a wrapper for the workload. */
export function customMode(name: string, spec: CustomSpec): Mode {
  const before = new Map<string, Counters>();
  return {
    name,
    polls: spec.polls,
    ...(isWoken(spec) ? powered(spec) : {}),
    prepare: (site) => {
      before.delete(site.guest.name);
      return Promise.resolve(changes(spec, site));
    },
    attest: async (site) => {
      const findings = await check(spec.attest, site);
      if (spec.count.length === 0 || before.has(site.guest.name)) return findings;
      const counters = await countersAt(spec, site);
      before.set(site.guest.name, counters);
      return [...findings, ...uncounted(counters, site)];
    },
    ...(spec.during.length === 0 ? {} : { attestDuring: (site: Site) => check(spec.during, site) }),
    counters: async (site) =>
      spec.count.length === 0
        ? {}
        : growthOf(await countersAt(spec, site), before.get(site.guest.name) ?? {}),
    wrap: (command) =>
      spec.wrapper === undefined ? command : spec.wrapper.replaceAll('{command}', () => wrapped(command)),
    environment: spec.environment,
  };
}

/** Each command of a list runs once on each host, because guests may share it; power is per guest. */
function powered({ wake, sleep, power }: CustomSpec): Pick<Mode, 'wake' | 'revive'> {
  return {
    wake: (sites) => {
      const hosts = [...new Set(sites.map((site) => hostOf(site).name))];
      return Promise.resolve(
        hosts.flatMap((target) => [
          ...sleep.map((script) => ({ target, script: ':', undo: { target, script } })).reverse(),
          ...wake.map((script) => ({ target, script, undo: undefined })),
        ]),
      );
    },
    ...(power === undefined
      ? {}
      : {
          revive: (sites: readonly Site[]) =>
            Promise.resolve(
              sites.flatMap((site): Change[] => {
                const target = hostOf(site).name;
                const of = site.guest.name;
                return [
                  {
                    target,
                    // Keeps a comment at its end from hiding our commands.
                    script: `( ${power.destroy}\n) || :`,
                    undo: undefined,
                    power: { of, action: 'destroy' },
                  },
                  { target, script: power.start, undo: undefined, power: { of, action: 'start' } },
                ];
              }),
            ),
        }),
  };
}

/**
 * All undo commands precede the first change: only the author of the lists knows which of them a half-made
 * preparation needs, so all of them are run.
 */
function changes(spec: CustomSpec, site: Site): Change[] {
  const undo = spec.restore.map((command) => placed(command, site));
  return [
    ...undo.map((one) => ({ target: one.target, script: ':', undo: one })).reverse(),
    ...spec.prepare.map((command) => ({ ...placed(command, site), undo: undefined })),
  ];
}

function placed(command: PlacedCommand, site: Site): { target: string; script: string } {
  return { target: placeOf(site, command.at).name, script: command.run };
}

function placeOf(site: Site, at: 'guest' | 'host'): Place {
  return at === 'guest' ? site.guest : hostOf(site);
}

/**
 * Guest and host at the same time; on each, claims are checked in the order of the list, and findings keep
 * that order.
 */
function check(claims: CustomSpec['attest'], site: Site): Promise<Finding[]> {
  return Promise.all(claims.map((claim) => finding(claim, placeOf(site, claim.at))));
}

async function finding(claim: CustomSpec['attest'][number], place: Place): Promise<Finding> {
  const { exitCode, stdout, stderr } = await place.run(claim.run);
  const ok = exitCode === 0 && (claim.expect === undefined || stdout.includes(claim.expect));
  const status = exitCode === null ? 'no answer in time' : `exit status ${exitCode}`;
  return {
    target: place.name,
    claim:
      claim.claim ??
      `${claim.run}${claim.expect === undefined ? '' : ` prints ${JSON.stringify(claim.expect)}`}`,
    ok,
    evidence: `${status}: ${(stdout + stderr).trim().slice(0, 2000)}`,
  };
}

async function countersAt({ count }: CustomSpec, site: Site): Promise<Counters> {
  const all: Counters = {};
  for (const { run, at } of count) {
    const { stdout } = await placeOf(site, at).run(run);
    Object.assign(all, readCounters(stdout));
  }
  return all;
}

/** A mode that claims to count but whose counters can't be read is not attested. */
function uncounted(counters: Counters, site: Site): Finding[] {
  const kinds = Object.keys(counters);
  return [
    {
      target: site.guest.name,
      claim: 'its counters can be read',
      ok: kinds.length > 0,
      evidence: kinds.length > 0 ? kinds.join(', ') : 'no line of NAME NUMBER',
    },
  ];
}

/** A wrapper takes a single command; anything with shell syntax becomes one through sh -c. */
function wrapped(command: string): string {
  return /^[A-Za-z0-9_./,:@%+ -]+$/.test(command) ? command : `sh -c ${quote(command)}`;
}
