import { rmSync } from 'node:fs';
import { FINGERPRINT_SCRIPT, parseFingerprint } from '../environment/fingerprint.ts';
import { loadExperiment } from '../experiment/load.ts';
import type { Experiment } from '../experiment/schema.ts';
import { Machines } from '../measure/machines.ts';
import { makeTargets } from '../measure/targets.ts';
import { modeFor, modeKindOf } from '../mode/kinds.ts';
import { pause, wake } from '../lab/life/pause.ts';
import type { LabStatus } from '../lab/life/status.ts';
import { controlDirectory } from '../process/control-directory.ts';
import { Problem, messageOf } from '../problem.ts';
import { MINIMUM_TICKS } from '../target/clock.ts';
import type { Containment } from '../target/greeting.ts';
import { emptyRecord } from '../record/run-record.ts';
import { LinkLost } from '../target/link.ts';
import type { Target } from '../target/target.ts';
import type { Examined } from '../words/examined.ts';
import { addressOf } from './address.ts';
import { inLab } from './lab.ts';
import { lookAtModes, lookAtPower, mute } from './look-modes.ts';
import { lookAtPrograms } from './look-programs.ts';
import { baseOf } from './run.ts';

/** One check on a target. */
export type Check = Examined;

/**
 * Whether every target of an experiment can be reached and has what it needs, and how to fix what is wrong.
 * Changes nothing, except that a paused guest of the lab runs while it is checked.
 * @param begin Called with the number of targets before they are checked.
 * @throws Problem if the file is wrong, or the lab is not up.
 */
export async function checkExperiment(
  file: string,
  begin: (targets: number) => void = () => undefined,
): Promise<Check[]> {
  const { experiment } = loadExperiment(file);
  return inLab(experiment, (_, lab) => examineAll(experiment, file, lab, begin));
}

async function examineAll(
  experiment: Experiment,
  file: string,
  lab: LabStatus | undefined,
  begin: (targets: number) => void,
): Promise<Check[]> {
  const control = await controlDirectory();
  const targets = makeTargets(experiment, control, (target) => addressOf(target, baseOf(file)));
  const machines = Object.values(experiment.targets).flatMap(({ lab: machine }) => machine ?? []);
  try {
    begin(targets.size);
    return await awake(lab, machines, () => look(experiment, targets));
  } finally {
    await Promise.all([...targets.values()].map((target) => target.close()));
    rmSync(control, { recursive: true, force: true });
  }
}

/** Each target by itself; then, for those that answer, what modes and power require of them together. */
async function look(experiment: Experiment, targets: ReadonlyMap<string, Target>): Promise<Check[]> {
  const machines = new Machines({
    ...{ experiment, targets, record: emptyRecord() },
    ...{ emit: () => undefined, interrupt: new AbortController().signal },
  });
  await machines.find();
  const met = await Promise.all(
    [...targets.values()].map(async (target) =>
      machines.isAway(target.name) ? away(target) : examine(target, experiment),
    ),
  );
  const answers = new Set(
    met
      .filter(({ target, lost }) => lost === undefined && !machines.isAway(target))
      .map(({ target }) => target),
  );
  try {
    const muted = await mute(experiment, targets, answers);
    const own = met.flatMap(({ target, checks, lost }) =>
      lost === undefined ? checks : [silence(target, lost, experiment, muted.has(target))],
    );
    const together = await Promise.all([
      lookAtPower(experiment, targets, answers),
      lookAtModes(experiment, targets, answers),
    ]);
    return distinct([...own, ...together.flat()]);
  } catch (error) {
    if (!(error instanceof LinkLost)) throw error;
    // It answered a moment ago; whether it meets the needs of modes is unknown.
    const lost = [...targets.values()].find(({ unreachable }) => unreachable === error)?.name ?? 'a target';
    const found = error.found ?? error.message;
    return [
      ...met.flatMap(({ checks }) => checks),
      { target: lost, what: 'ssh', ok: false, found: `lost during the check: ${found}`, next: error.next },
    ];
  }
}

/** Each check once; if several modes or guests have the same problem, only the first report of it. */
function distinct(checks: readonly Check[]): Check[] {
  const seen = new Set<string>();
  return checks.filter((check) => {
    const key = JSON.stringify(check.ok ? check : (check.remedy ?? [check.target, check.next]));
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

/** Lets paused guests of the lab run meanwhile. */
async function awake<T>(
  lab: LabStatus | undefined,
  machines: readonly string[],
  work: () => Promise<T>,
): Promise<T> {
  const config = lab?.sshConfig ?? '';
  const guests = [...new Set(machines)].filter((machine) => lab?.guests.includes(machine) === true);
  const woken: string[] = [];
  try {
    await Promise.all(
      guests.map(async (guest) => {
        if (await wake(config, guest)) woken.push(guest);
      }),
    );
    return await work();
  } finally {
    await Promise.all(woken.map((guest) => pause(config, guest)));
  }
}

interface Met {
  target: string;
  checks: Check[];
  /** Why it does not answer. */
  lost: LinkLost | undefined;
}

async function examine(target: Target, experiment: Experiment): Promise<Met> {
  const check = (what: string, ok: boolean, found: string, next?: string): Check => ({
    target: target.name,
    what,
    ok,
    found,
    next,
  });
  try {
    const { shell, clock, containment } = await target.facts();
    const fingerprint = parseFingerprint((await target.run(FINGERPRINT_SCRIPT)).stdout);
    const least = ((clock.tickNs * MINIMUM_TICKS) / 1e6).toPrecision(2);
    const checks = [
      check('ssh', true, `${target.address.ssh} answers; ${fingerprint['kernel'] ?? 'unknown kernel'}`),
      check(
        'clock',
        true,
        `${clock.source} by ${shell}, tick ${(clock.tickNs / 1000).toPrecision(3)} µs: durations of at least ${least} ms can be measured`,
      ),
      check('containment', true, CONTAINMENT[containment]),
      ...(await lookAtPrograms(target, experiment)),
      ...(await attestations(target, experiment, check)),
    ];
    return { target: target.name, checks, lost: undefined };
  } catch (error) {
    if (error instanceof LinkLost) return { target: target.name, checks: [], lost: error };
    const problem = error instanceof Problem ? error : undefined;
    const checks = [check('ssh', false, problem?.found ?? messageOf(error), problem?.next)];
    return { target: target.name, checks, lost: undefined };
  }
}

/** For a boot other than the one its machine is in, which doctor does not change. */
function away({ name, unreachable }: Target): Met {
  const found = `${unreachable?.found ?? 'its machine is in another boot'}; to check it, with a restart of the machine: vgpubench try FILE`;
  return {
    target: name,
    checks: [{ target: name, what: 'machine', ok: true, found, next: undefined }],
    lost: undefined,
  };
}

/** @param isOn according to its host; a guest that is off is left off */
function silence(target: string, lost: LinkLost, experiment: Experiment, isOn: boolean): Check {
  const found = lost.found ?? lost.message;
  const look = (ok: boolean, words: string) => ({ target, what: 'ssh', ok, found: words });
  if (experiment.targets[target]?.power !== undefined && !isOn)
    return {
      ...look(
        true,
        `no answer (${found}); its host starts it for its modes. To check it: vgpubench try FILE`,
      ),
      next: undefined,
    };
  const remedy = { key: `targets.${target}.ssh`, value: undefined };
  const next = `${lost.next ?? 'try it by hand'}; or, if that is the wrong machine, correct ${remedy.key} in the experiment file`;
  return { ...look(false, isOn ? `${found}; it is on, according to its host` : found), next, remedy };
}

/** How a trial is ended there, with everything it started. */
const CONTAINMENT: Record<Containment, string> = {
  'cgroup v2': 'a control group (v2) per visit, which ends everything a trial starts',
  'cgroup v1': 'a control group (v1) per visit, which ends everything a trial starts',
  'systemd scope': 'a systemd scope per visit, which ends everything a trial starts',
  search: 'no control group available: processes that escape a trial’s process group are found in /proc',
};

type MakeCheck = (what: string, ok: boolean, found: string, next?: string) => Check;

/** Modes that change nothing can be attested right away; others only after preparation. */
async function attestations(target: Target, experiment: Experiment, check: MakeCheck): Promise<Check[]> {
  const modes = Object.entries(experiment.modes).filter(
    ([, mode]) => modeKindOf(mode).facts.attestedUnentered && mode.on.includes(target.name),
  );
  const findings = await Promise.all(
    modes.map(async ([name, spec]) => {
      const place = { name: target.name, run: (script: string) => target.run(script) };
      const mode = await modeFor(name, spec);
      // Its own check says more.
      if (mode.examine !== undefined) return [];
      const found = await mode.attest({ guest: place, host: undefined, domain: target.name });
      return found.map(({ claim, ok, evidence }) =>
        check(`mode ${name}`, ok, `${claim}: ${evidence}`, ok ? undefined : 'its trials would be void'),
      );
    }),
  );
  return findings.flat();
}
