import { z } from 'zod';
import { commandLine } from '../../words/names.ts';
import { type Need, PLAIN_WORD, programOf } from '../../words/need.ts';
import { modeKind, modeSchema } from '../kind.ts';

const variable = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, {
    error: 'expected the name of an environment variable: letters, digits or underscore',
  })
  .regex(/^(?!vgb_|VGPUBENCH_)/, {
    error: 'expected a name that does not begin with vgb_ or VGPUBENCH_, which are reserved',
  });

const at = z.enum(['guest', 'host']).default('guest');

const placedCommand = z
  .union([commandLine, z.strictObject({ run: commandLine, at })])
  .transform((command) => (typeof command === 'string' ? { run: command, at: 'guest' as const } : command));

const claim = z
  .strictObject({
    run: commandLine.describe('Must exit with 0.'),
    at,
    expect: z.string().min(1).optional().describe('Text that its output must contain.'),
    claim: z.string().min(1).optional().describe('What it proves, in words, for the report.'),
  })
  .describe('A command whose success proves that the mode is what it claims to be.');

const power = z
  .strictObject({
    start: commandLine.describe('Such as xl create /etc/xen/guest1.cfg, or virsh start guest1.'),
    destroy: commandLine.describe('Such as xl destroy guest1; its exit status is ignored.'),
  })
  .describe('Run on the guest’s host if the guest does not answer, to destroy and restart it.');

const schema = modeSchema(
  'custom',
  {
    wake: z
      .array(commandLine)
      .default([])
      .describe('Run on the guest’s host before the guest is contacted, such as xl unpause guest1.'),
    sleep: z
      .array(commandLine)
      .default([])
      .describe('Undoes `wake`; journaled before it. Like `restore`, it may run twice.'),
    power: power.optional(),
    prepare: z.array(placedCommand).default([]).describe('Run in this order before the mode’s trials.'),
    attest: z.array(claim).default([]).describe('Run before and after the trials of each block.'),
    during: z
      .array(claim)
      .default([])
      .describe('Run during the first run of each trial, which is a warm-up if there is one.'),
    count: z
      .array(z.strictObject({ run: commandLine, at }))
      .default([])
      .describe('Prints lines of NAME NUMBER: counters whose growth over the trials is reported.'),
    restore: z
      .array(placedCommand)
      .default([])
      .describe(
        'Undoes `prepare`; journaled before anything is changed. May run twice: if its completion could not be recorded, it runs again.',
      ),
    polls: z
      .boolean()
      .default(false)
      .describe(
        'Both ends of its boundary poll. Trials are void if a hypervisor withheld more than 5% of CPU time (steal) from guest or host during them, because every crossing then waits for a CPU.',
      ),
    wrapper: z
      .string()
      .includes('{command}', {
        error: 'expected a wrapper that contains {command}, such as "taskset -c 0 {command}"',
      })
      .optional()
      .describe('Wraps the workload’s command line.'),
    environment: z
      .record(variable, z.string())
      .default({})
      .describe('Environment variables for the workload’s command line.'),
  },
  'A mode of your own, defined by lists of commands.',
);

export type CustomSpec = z.output<typeof schema>;
export type PlacedCommand = z.output<typeof placedCommand>;

/** Whether its guests may have to be woken by their hosts before they answer. */
export function isWoken({ wake, power: powered }: CustomSpec): boolean {
  return wake.length > 0 || powered !== undefined;
}

export const custom = modeKind({
  use: 'custom',
  schema,
  facts: {
    boundary: 'unknown',
    ownsGpu: false,
    mostGuests: Infinity,
    attestedUnentered: false,
    definition: 1,
    onHardware: true,
    countingSlows: false,
    provenance: null,
  },
  about: {
    attested: [
      'each command of `attest` exits with 0 and prints the text of `expect`, before and after the trials of each block',
      'so does each command of `during`, during the first run of each trial',
      'each command of `count` prints lines of NAME NUMBER',
    ],
    fails: [
      {
        told: 'mode M could not be entered: on T: COMMAND: exit status 1',
        next: 'fix that command; `restore` was run, and the visit’s trials failed',
      },
      {
        told: 'not attested before its trials',
        next: 'see the evidence for the claim in the report; those trials are void',
      },
      {
        told: 'T: no answer, so restarted',
        next: 'nothing, if `power` says how to destroy and start the guest; else start it, then: vgpubench resume',
      },
    ],
    example: {
      targets: {
        bare: { ssh: 'gpu-host' },
        dom0: { ssh: 'xen-host' },
        guest1: { ssh: 'guest1', host: 'dom0' },
      },
      modes: {
        native: { use: 'native', on: 'bare' },
        passthrough: {
          use: 'custom',
          on: 'guest1',
          prepare: [{ run: 'xl pci-attach guest1 0000:01:00.0', at: 'host' }],
          restore: [{ run: 'xl pci-detach guest1 0000:01:00.0 || :', at: 'host' }],
          attest: [{ run: 'lspci -nnk -d 10de:', expect: 'Kernel driver in use: nouveau' }],
        },
      },
    },
  },
  sleeps: isWoken,
  // Only the author of a list of commands knows what it changes.
  options: {
    wake: { costs: 'nothing', shapesFigures: false },
    sleep: { costs: 'nothing', shapesFigures: false },
    power: { costs: 'guest boot', shapesFigures: false },
    prepare: { costs: 'machine boot', shapesFigures: true },
    attest: { costs: 'nothing', shapesFigures: false },
    // Without a warm-up it runs alongside a sample in the guest.
    during: { costs: 'nothing', shapesFigures: true },
    count: { costs: 'nothing', shapesFigures: false },
    restore: { costs: 'nothing', shapesFigures: true },
    polls: { costs: 'nothing', shapesFigures: false },
    wrapper: { costs: 'nothing', shapesFigures: true },
    environment: { costs: 'nothing', shapesFigures: true },
  },
  needsHost: (spec) => {
    const placed = [...spec.prepare, ...spec.attest, ...spec.during, ...spec.count, ...spec.restore];
    if (placed.some((command) => command.at === 'host')) return 'runs commands at: host';
    return isWoken(spec) ? 'is woken on the guest’s host' : undefined;
  },
  needsPower: () => undefined,
  needs: commandsOf,
  contradictions: (spec) => [
    ...(spec.prepare.length > 0 && spec.restore.length === 0 ? [withoutUndo('restore', 'prepare')] : []),
    ...(spec.wake.length > 0 && spec.sleep.length === 0 ? [withoutUndo('sleep', 'wake')] : []),
    ...(spec.sleep.length > 0 && !isWoken(spec) ? [NEVER_SLEEPS] : []),
  ],
  program: async () => (await import('./program.ts')).customMode,
});

const NEVER_SLEEPS = {
  key: [],
  expected: 'the key wake or power next to sleep, because only a guest that was woken is put to sleep',
  found: 'sleep alone',
};

function withoutUndo(undo: string, change: string) {
  return {
    key: [],
    expected: `the key ${undo} next to ${change}, so that the target can be put back after any crash (${undo}: [":"] if there is nothing to undo)`,
    found: `${change} without ${undo}`,
  };
}

/**
 * The programs with which its commands begin. A path may lead to something that `prepare` creates, so it is
 * not checked beforehand.
 */
function commandsOf(spec: CustomSpec): Need[] {
  const { power: powered } = spec;
  const onHost = [...spec.wake, ...spec.sleep, ...Object.values(powered ?? {})];
  const early = [...onHost.map((run) => ({ run, at: 'host' as const })), ...spec.prepare.slice(0, 1)];
  const late = [...spec.prepare.slice(1), ...spec.attest, ...spec.during, ...spec.count, ...spec.restore];
  const need = ({ run, at: place }: PlacedCommand): Need => ({
    at: place,
    program: programOf(run),
    ofUser: true,
  });
  const isMade = ({ program }: Need) => spec.prepare.length > 0 && program.includes('/');
  const needs = [...early.map(need), ...late.map(need).filter((one) => !isMade(one))];
  return needs.filter(
    ({ at: place, program }, index) =>
      PLAIN_WORD.test(program) &&
      needs.findIndex((one) => one.at === place && one.program === program) === index,
  );
}
