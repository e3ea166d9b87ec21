import { z } from 'zod';
import { requireFewReadings } from '../bounded.ts';
import { linesOf, requireJsonLength } from '../lines.ts';
import { type Metric, WorkloadFailure, metric } from '../workload.ts';

/** Sections of clpeak's text and elements of its XML, with their units and the way that is better. */
const SECTIONS: readonly { section: RegExp; name: string; unit: string; better: Metric['better'] }[] = [
  { section: /^global.memory.bandwidth/i, name: 'global-bandwidth', unit: 'GB/s', better: 'higher' },
  { section: /^single.precision.compute/i, name: 'compute-sp', unit: 'GFLOP/s', better: 'higher' },
  { section: /^half.precision.compute/i, name: 'compute-hp', unit: 'GFLOP/s', better: 'higher' },
  { section: /^double.precision.compute/i, name: 'compute-dp', unit: 'GFLOP/s', better: 'higher' },
  {
    section: /^integer.compute.(fast|24)|^integer.24/i,
    name: 'compute-intfast',
    unit: 'GIOP/s',
    better: 'higher',
  },
  { section: /^integer.compute/i, name: 'compute-integer', unit: 'GIOP/s', better: 'higher' },
  { section: /^transfer.bandwidth/i, name: 'transfer-bandwidth', unit: 'GB/s', better: 'higher' },
  { section: /^kernel.launch.latency/i, name: 'kernel-latency', unit: 'us', better: 'lower' },
];

/**
 * What clpeak prints stays far below these. Beyond them it is no output of clpeak, and the expressions that
 * read it would take time with the square of its length.
 */
const LONGEST_LINE = 1000;
const LONGEST_XML = 64 * 1024;

/** clpeak 1.x's text: a section a test, `  name : value` lines below it. */
export function parseClpeakText(text: string): Metric[] {
  const found: Metric[] = [];
  let section: (typeof SECTIONS)[number] | undefined;
  for (const raw of linesOf(text)) {
    const line = raw.trim();
    if (line.length > LONGEST_LINE) continue;
    const [, label = '', value] = /^(.*?)\s*:\s*([-+\d.eE]+|[-+]?nan|[-+]?inf)(?:\s+us)?$/i.exec(line) ?? [];
    const heading = SECTIONS.find((candidate) => candidate.section.test(line));
    if (heading !== undefined) section = heading;
    else if (line === '' || /^(platform|device|driver version|compute units|clock frequency)\b/i.test(line))
      section = undefined;
    if (section === undefined || value === undefined) continue;
    const name = heading === undefined ? `${section.name}.${slug(label)}` : section.name;
    found.push(metric(name, section.unit, section.better, Number(value)));
    requireFewReadings(found.length);
  }
  return oneDevice(found);
}

/** clpeak 1.x's XML: an element a test with a unit, an element a figure below it. */
export function parseClpeakXml(text: string): Metric[] {
  if (text.length > LONGEST_XML)
    throw new WorkloadFailure(`expected clpeak’s XML, found ${text.length} characters`);
  const devices = [...text.matchAll(/<device [^>]*>([\s\S]*?)<\/device>/g)].map(([, body = '']) => body);
  const elements = devices.flatMap((device) => [
    ...device.matchAll(/<(\w+)(?: unit="[^"]*")?\s*>([\s\S]*?)<\/\1>/g),
  ]);
  return oneDevice(
    elements.flatMap(([, element = '', body = '']) => {
      const section = SECTIONS.find((candidate) => candidate.section.test(element));
      if (section === undefined) return [];
      const figures = [...body.matchAll(/<(\w+)>\s*([^<\s]+)\s*<\/\1>/g)];
      if (figures.length === 0)
        return [metric(section.name, section.unit, section.better, Number(body.trim()))];
      return figures.map(([, name = '', value]) =>
        metric(`${section.name}.${slug(name)}`, section.unit, section.better, Number(value)),
      );
    }),
  );
}

/**
 * clpeak 2.x's JSON (format_version 2): a flat list of entries. Where it ran on several backends, OpenCL's
 * figures are taken, since those compare with 1.x; an entry with a status instead of a value was not run.
 */
export function parseClpeakJson(text: string): Metric[] {
  const entries = readJson(text);
  const backends = [...new Set(entries.map(({ backend }) => backend))];
  const backend = backends.includes('OpenCL') ? 'OpenCL' : backends[0];
  const found = entries.flatMap((entry) => {
    const section = SECTIONS.find((candidate) => candidate.section.test(entry.test));
    if (section === undefined || entry.backend !== backend || entry.value === undefined) return [];
    const name = section.name === 'kernel-latency' ? section.name : `${section.name}.${slug(entry.metric)}`;
    return [metric(name, section.unit, section.better, entry.value)];
  });
  return oneDevice(found);
}

const documentSchema = z.object({
  entries: z.array(
    z.object({ backend: z.string(), test: z.string(), metric: z.string(), value: z.number().optional() }),
  ),
});

function readJson(text: string): z.output<typeof documentSchema>['entries'] {
  requireJsonLength(text);
  try {
    return documentSchema.parse(JSON.parse(text)).entries;
  } catch (error) {
    throw new WorkloadFailure('expected the JSON of clpeak 2.x (keys format_version and entries)', {
      cause: error,
    });
  }
}

/** Two devices print the same names twice; which one was meant can't be guessed. */
function oneDevice(metrics: Metric[]): Metric[] {
  const names = new Set(metrics.map(({ name }) => name));
  if (names.size === metrics.length) return metrics;
  throw new WorkloadFailure(
    'expected figures of one device, found those of several: choose one by the keys platform and device',
  );
}

function slug(label: string): string {
  return label
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}
