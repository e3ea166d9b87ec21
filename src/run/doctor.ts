import { rmSync } from 'node:fs';
import { FINGERPRINT_SCRIPT, parseFingerprint } from '../environment/fingerprint.ts';
import { loadExperiment } from '../experiment/load.ts';
import type { Experiment } from '../experiment/schema.ts';
import { locate, needsAt } from '../measure/needs.ts';
import { makeTargets } from '../measure/targets.ts';
import { modeFor, modeKindOf } from '../mode/kinds.ts';
import { pause, wake } from '../lab/life/pause.ts';
import type { LabStatus } from '../lab/life/status.ts';
import { controlDirectory } from '../process/control-directory.ts';
import { Problem, messageOf } from '../problem.ts';
import { MINIMUM_TICKS } from '../target/clock.ts';
import type { Containment } from '../target/greeting.ts';
import { LinkLost } from '../target/link.ts';
import type { Target } from '../target/target.ts';
import { addressOf } from './address.ts';
import { inLab } from './lab.ts';
import { baseOf } from './run.ts';

/** One thing that was looked at on a target. */
export interface Check {
  target: string;
  what: string;
  ok: boolean;
  found: string;
  next: string | undefined;
}

/**
 * Whether every target of an experiment can be reached and has what is asked of it. Changes nothing: a guest of the
 * lab that is paused runs for as long as it is asked.
 * @param begin Hears how many targets are asked, before they are.
 * @throws Problem where the file is wrong, or the lab is not up.
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
  try {
    begin(targets.size);
    const checks = await Promise.all(
      [...targets.values()].map((target) =>
        awake(lab, experiment.targets[target.name]?.lab, async () => {
          const found = await examine(target, experiment);
          await target.close();
          return found;
        }),
      ),
    );
    return checks.flat();
  } finally {
    await Promise.all([...targets.values()].map((target) => target.close()));
    rmSync(control, { recursive: true, force: true });
  }
}

/** Has a machine of the lab run meanwhile, if it is a guest. */
async function awake<T>(
  lab: LabStatus | undefined,
  machine: string | undefined,
  work: () => Promise<T>,
): Promise<T> {
  const config = lab?.sshConfig ?? '';
  const woken =
    machine !== undefined && lab?.guests.includes(machine) === true && (await wake(config, machine));
  try {
    return await work();
  } finally {
    if (woken) await pause(config, machine);
  }
}

async function examine(target: Target, experiment: Experiment): Promise<Check[]> {
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
    return [
      check('ssh', true, `${target.address.ssh} answers; ${fingerprint['kernel'] ?? 'unknown kernel'}`),
      check(
        'clock',
        true,
        `${clock.source} by ${shell}, tick ${(clock.tickNs / 1000).toPrecision(3)} µs: durations from ${least} ms up can be figures`,
      ),
      check('containment', true, CONTAINMENT[containment]),
      ...(await programs(target, experiment, check)),
      ...(await attestations(target, experiment, check)),
    ];
  } catch (error) {
    const problem = error instanceof Problem ? error : undefined;
    if (error instanceof LinkLost && experiment.targets[target.name]?.power !== undefined)
      return [
        check('ssh', true, `no answer (${error.found ?? error.message}); its host starts it for its modes`),
      ];
    return [check('ssh', false, problem?.found ?? messageOf(error), problem?.next)];
  }
}

/** How a trial is ended there, with all that it started. */
const CONTAINMENT: Record<Containment, string> = {
  'cgroup v2': 'a control group (v2) for each visit: whatever a trial starts is ended with it',
  'cgroup v1': 'a control group (v1) for each visit: whatever a trial starts is ended with it',
  'systemd scope': 'a systemd scope for each visit: whatever a trial starts is ended with it',
  search: 'no control group can be made: what leaves a trial’s process group is looked for in /proc',
};

type MakeCheck = (what: string, ok: boolean, found: string, next?: string) => Check;

/** Whether the programs that the experiment's modes and workloads need there can be run. */
async function programs(target: Target, experiment: Experiment, check: MakeCheck): Promise<Check[]> {
  const needs = needsAt(target.name, experiment);
  const found = await locate(target, needs);
  return needs.map(({ what, program }, index) => {
    const path = found[index];
    if (path !== undefined) return check(what, true, path);
    const next = `install it on ${target.name}, or correct its path in the experiment file`;
    return check(what, false, `no program ${program} there`, next);
  });
}

/** Modes that change nothing can be attested right away; others only once they were prepared. */
async function attestations(target: Target, experiment: Experiment, check: MakeCheck): Promise<Check[]> {
  const modes = Object.entries(experiment.modes).filter(
    ([, mode]) => modeKindOf(mode).facts.attestedUnentered && mode.on.includes(target.name),
  );
  const findings = await Promise.all(
    modes.map(async ([name, spec]) => {
      const place = { name: target.name, run: (script: string) => target.run(script) };
      const mode = await modeFor(name, spec);
      const found = await mode.attest({ guest: place, host: undefined, domain: target.name });
      return found.map(({ claim, ok, evidence }) =>
        check(`mode ${name}`, ok, `${claim}: ${evidence}`, ok ? undefined : 'its trials would be void'),
      );
    }),
  );
  return findings.flat();
}
