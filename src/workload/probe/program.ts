import { z } from 'zod';
import { type Verdict, type Workload, VERDICTS, WorkloadFailure, requireSuccess } from '../workload.ts';
import { workloadName } from '../kind.ts';
import type { ProbeSpec } from './kind.ts';

const line = z.object({ verdict: z.enum(VERDICTS), evidence: z.string() });

/** A program that tries what must not be possible. What it found is a verdict and never a figure. */
export function probeWorkload(spec: ProbeSpec): Workload {
  return {
    name: workloadName(spec),
    command: () => spec.run,
    directory: spec.directory,
    parse: (output) => {
      requireSuccess(output);
      return [{ metrics: [], phases: {}, crossings: {}, verdict: verdictIn(output.stdout) }];
    },
    limits: {},
  };
}

function verdictIn(stdout: string): Verdict {
  const found = stdout.split('\n').filter((text) => text.trimStart().startsWith('{'));
  const parsed = found.length === 1 ? line.safeParse(parse(found[0] ?? '')) : undefined;
  if (parsed?.success === true)
    return { outcome: parsed.data.verdict, evidence: parsed.data.evidence.slice(0, 500) };
  throw new WorkloadFailure(
    `expected one JSON line with a verdict (${VERDICTS.join(', ')}) and its evidence, found ${JSON.stringify(stdout.slice(0, 120))}`,
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
