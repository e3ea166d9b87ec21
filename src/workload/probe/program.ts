import { z } from 'zod';
import { type Verdict, type Workload, VERDICTS, WorkloadFailure, requireSuccess } from '../workload.ts';
import { quoted } from '../bounded.ts';
import { workloadName } from '../kind.ts';
import { jsonLinesOf, parsedJson } from '../lines.ts';
import type { ProbeSpec } from './kind.ts';

const line = z.object({ verdict: z.enum(VERDICTS), evidence: z.string() });

/** A program that attempts what must not be possible. Its result is a verdict and never a figure. */
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
  const [first = '', second] = jsonLinesOf(stdout);
  const parsed = second === undefined ? line.safeParse(parsedJson(first)) : undefined;
  if (parsed?.success === true)
    return { outcome: parsed.data.verdict, evidence: parsed.data.evidence.slice(0, 500) };
  throw new WorkloadFailure(
    `expected one JSON line with a verdict (${VERDICTS.join(', ')}) and its evidence, found ${quoted(stdout)}`,
  );
}
