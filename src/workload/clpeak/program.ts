import { quote } from '../../words/quote.ts';
import { parseClpeakJson, parseClpeakText, parseClpeakXml } from './output.ts';
import { type Workload, WorkloadFailure, requireSuccess } from '../workload.ts';
import { workloadName } from '../kind.ts';
import type { ClpeakSpec } from './kind.ts';

/** Peak OpenCL figures by clpeak: 1.x prints text and XML, 2.x JSON. */
export function clpeakWorkload(spec: ClpeakSpec): Workload {
  return {
    name: workloadName(spec),
    command: () => commandLine(spec),
    parse: (output) => {
      requireSuccess(output);
      const metrics = PARSERS[spec.format](output.stdout);
      if (metrics.length === 0)
        throw new WorkloadFailure(
          'expected clpeak’s figures, found none: is there an OpenCL device on the target (clinfo)?',
        );
      const missing = spec.tests.filter((test) => !metrics.some(({ name }) => name.split('.')[0] === test));
      if (missing.length > 0)
        throw new WorkloadFailure(
          `expected figures of every test that was asked for, found none of ${missing.join(', ')}`,
        );
      return [{ metrics, phases: {}, crossings: {} }];
    },
    limits: spec.limits ?? {},
  };
}

const PARSERS = { text: parseClpeakText, xml: parseClpeakXml, json: parseClpeakJson };

function commandLine(spec: ClpeakSpec): string {
  const run = [
    quote(spec.path),
    ...(spec.platform === undefined ? [] : ['-p', String(spec.platform)]),
    ...(spec.device === undefined ? [] : ['-d', String(spec.device)]),
    ...spec.tests.map((test) => `--${test}`),
  ].join(' ');
  if (spec.format === 'text') return run;
  // clpeak writes its report to a file; on stdout it would be mixed with the text.
  const option = spec.format === 'xml' ? '--xml-file' : '--json-file';
  return `f=$(mktemp) && ${run} ${option} "$f" >/dev/null; r=$?; cat "$f"; rm -f "$f"; exit $r`;
}
