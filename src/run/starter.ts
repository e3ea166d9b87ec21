import { stringify } from 'yaml';
import { type AnyModeKind, modeKindNamed, modeKinds } from '../mode/kinds.ts';
import { Problem } from '../problem.ts';
import { oneOf } from '../words/nearest.ts';

type Entries = Record<string, Record<string, unknown>>;

const HEAD = `# A vgpubench experiment. For the whole format: vgpubench schema experiment
# For each mode's needs, attestation and failures: vgpubench list modes NAME
# To do: under targets, set the ssh names of your machines, and how your guests are started; under workloads, what to run.
`;

const REST = `workloads:
  - { use: clpeak, tests: [kernel-latency] }
  # - { use: command, name: mmul, run: './mmul {size}', sweep: { size: [256, 1024] }, metric: { pattern: "GFLOPS: {value}", unit: GFLOP/s, better: higher } }

design: { blocks: 6, seed: 1, warmup: 1, samples: 3, margin: 3%, budget: 2h }
limits: { trial: 120s, output: 16MiB }
`;

/**
 * A starter experiment file with modes of these kinds: each with the baseline of its own example, on its own
 * machines, because two kinds may use two GPUs.
 * @throws Problem if there is no kind of such a name
 */
export function starterFor(uses: readonly string[]): string {
  const targets: Entries = {};
  const modes: Entries = {};
  let baseline: string | undefined;
  for (const use of uses) {
    const { about } = kindNamed(use);
    const renamed = new Map(
      Object.keys(about.example.targets).map((name) => [name, free(name, use, targets)]),
    );
    const named = (name: unknown) => renamed.get(String(name)) ?? name;
    for (const [name, target] of Object.entries(about.example.targets as Entries))
      targets[String(named(name))] = 'host' in target ? { ...target, host: named(target['host']) } : target;
    const own = Object.entries(about.example.modes as Entries);
    const [first = ''] = own.map(([name]) => free(name, use, modes));
    baseline ??= first;
    for (const [at, [name, mode]] of own.entries()) {
      const ratio = at > 0 && first !== baseline ? { baseline: first } : {};
      modes[free(name, use, modes)] = { ...mode, on: named(mode['on']), ...ratio };
    }
  }
  const parts = { name: 'my-first', baseline, targets, modes };
  const text = Object.entries(parts)
    .map(([key, value]) => stringify({ [key]: value }, { lineWidth: 120 }))
    .join('\n');
  return `${HEAD}${text}\n${REST}`;
}

function kindNamed(use: string): AnyModeKind {
  const kind = modeKindNamed(use);
  if (kind !== undefined) return kind;
  throw new Problem({
    code: 'VGB-LIST',
    message: 'no kind of mode of that name',
    ...oneOf(
      use,
      modeKinds.map((one) => one.use),
    ),
    found: use,
  });
}

/** The name, or with the kind's name appended if it is taken. */
function free(name: string, use: string, taken: Entries): string {
  return Object.hasOwn(taken, name) ? `${name}-${use}` : name;
}
