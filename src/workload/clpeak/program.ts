import { workloadName } from '../kind.ts';
import { type Workload, requireSuccess } from '../workload.ts';
import { commandLine } from './command-line.ts';
import { parseClpeakJson } from './json.ts';
import type { ClpeakSpec } from './kind.ts';
import { metricsOf } from './sections.ts';
import { parseClpeakText } from './text.ts';
import { parseClpeakXml } from './xml.ts';

/** Peak OpenCL figures by clpeak: both versions print text, 1.x also XML and 2.x JSON. */
export function clpeakWorkload(spec: ClpeakSpec): Workload {
  return {
    name: workloadName(spec),
    command: () => commandLine(spec),
    parse: (output) => {
      requireSuccess(output);
      const metrics = metricsOf(PARSERS[spec.format](output.stdout), spec.tests);
      return [{ metrics, phases: {}, crossings: {} }];
    },
    limits: spec.limits ?? {},
  };
}

const PARSERS = { text: parseClpeakText, xml: parseClpeakXml, json: parseClpeakJson };
