import type { CustomModeSpec, PlacedCommand } from '../experiment/schema.ts';
import { Problem } from '../problem.ts';
import { quote } from '../target/quote.ts';
import type { Finding, Mode, Place, Site } from './mode.ts';

/** A mode of the user's own: command lists from the experiment file, and a wrapper for the workload. */
export function customMode(name: string, spec: CustomModeSpec): Mode {
  return {
    name,
    prepare: (site) => Promise.resolve(changes(spec, site)),
    attest: async (site) => {
      // One after the other: sshd has 10 sessions a connection (MaxSessions).
      const findings: Finding[] = [];
      for (const claim of spec.attest) findings.push(await check(claim, placeOf(site, claim.at)));
      return findings;
    },
    counters: () => Promise.resolve({}),
    wrap: (command) =>
      spec.wrapper === undefined ? command : spec.wrapper.replaceAll('{command}', () => wrapped(command)),
    environment: spec.environment,
  };
}

/**
 * All undo commands stand before the first change: which of them a half-made preparation needs, only the
 * author of the lists can know, so all of them are run.
 */
function changes(spec: CustomModeSpec, site: Site) {
  const undo = spec.restore.map((command) => ({ ...placed(command, site), undo: placed(command, site) }));
  return [
    ...undo.map(({ undo }) => ({ target: undo.target, script: ':', undo })).reverse(),
    ...spec.prepare.map((command) => ({ ...placed(command, site), undo: undefined })),
  ];
}

function placed(command: PlacedCommand, site: Site): { target: string; script: string } {
  return { target: placeOf(site, command.at).name, script: command.run };
}

function placeOf(site: Site, at: 'guest' | 'host'): Place {
  if (at === 'guest') return site.guest;
  if (site.host === undefined)
    throw new Problem({
      code: 'VGB-MODE-HOST',
      message: `${site.guest.name} has no host to run commands on`,
      expected: `the key host in targets.${site.guest.name}`,
      found: 'none',
      next: 'name the host there, or run the mode’s commands at: guest',
    });
  return site.host;
}

async function check(claim: CustomModeSpec['attest'][number], place: Place): Promise<Finding> {
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

/** A wrapper takes one command; anything with shell syntax becomes one by way of sh -c. */
function wrapped(command: string): string {
  return /^[A-Za-z0-9_./,:@%+ -]+$/.test(command) ? command : `sh -c ${quote(command)}`;
}
