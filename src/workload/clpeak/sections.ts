import { type Metric, WorkloadFailure, metric } from '../workload.ts';
import { quoted, requireFewReadings } from '../bounded.ts';

/** One of clpeak's tests, as text, XML and JSON report it. */
export interface Section {
  /** The key of `tests`, with which its figures' names begin. */
  name: string;
  /**
   * How clpeak spells the unit, in lower case: 1.x reports whole numbers in GIOPS and, in XML, in gflops; 2.x
   * in gops.
   */
  spelled: readonly string[];
  unit: string;
  better: Metric['better'];
  /** The rows of a successful run, by `slug`. */
  rows: readonly string[];
  /** Rows that only some versions have. */
  more: readonly string[];
}

const widths = (type: string): string[] => ['', '2', '4', '8', '16'].map((width) => `${type}${width}`);
const COMPUTE = { spelled: ['gflops'], unit: 'GFLOP/s', better: 'higher', more: [] } as const;
const INTEGER = {
  ...COMPUTE,
  spelled: ['giops', 'gops', 'gflops'],
  unit: 'GIOP/s',
  rows: widths('int'),
} as const;
const BANDWIDTH = { spelled: ['gbps'], unit: 'GB/s', better: 'higher', more: [] } as const;
const INTEGER_FAST: Section = { ...INTEGER, name: 'compute-intfast' };

/** By the element of 1.x's XML and the test of 2.x's JSON; a title in text differs only in spelling. */
const SECTIONS: Readonly<Record<string, Section>> = {
  global_memory_bandwidth: { ...BANDWIDTH, name: 'global-bandwidth', rows: widths('float') },
  single_precision_compute: { ...COMPUTE, name: 'compute-sp', rows: widths('float') },
  half_precision_compute: { ...COMPUTE, name: 'compute-hp', rows: widths('half') },
  double_precision_compute: { ...COMPUTE, name: 'compute-dp', rows: widths('double') },
  integer_compute: { ...INTEGER, name: 'compute-integer' },
  integer_compute_fast: INTEGER_FAST,
  integer_compute_fast_24bit: INTEGER_FAST,
  transfer_bandwidth: {
    ...BANDWIDTH,
    name: 'transfer-bandwidth',
    rows: ['enqueuewritebuffer', 'enqueuereadbuffer', 'memcpy-from-mapped-ptr', 'memcpy-to-mapped-ptr'],
    more: [
      // 1.1.0 lacks the first two; text of 1.x calls the others by the second name.
      ...['enqueuewritebuffer-nonblocking', 'enqueuereadbuffer-nonblocking'],
      ...['enqueuewritebuffer-non-blocking', 'enqueuereadbuffer-non-blocking'],
      ...['enqueuemapbuffer', 'enqueueunmap', 'enqueuemapbuffer-for-read', 'enqueueunmap-after-write'],
    ],
  },
  kernel_launch_latency: {
    name: 'kernel-latency',
    spelled: ['us'],
    unit: 'us',
    better: 'lower',
    // The only figure of 1.x is what 2.x calls dispatch.
    rows: ['dispatch'],
    more: ['roundtrip'],
  },
};

/**
 * The section of a title such as `Single-precision compute`, or of an element; undefined if it belongs to no
 * test.
 */
export function sectionOf(title: string): Section | undefined {
  const id = title.toLowerCase().replace(/[^a-z0-9]/g, '_');
  return Object.hasOwn(SECTIONS, id) ? SECTIONS[id] : undefined;
}

/** Whether a section has a figure of that name. */
export function isRow({ rows, more }: Section, row: string): boolean {
  return rows.includes(row) || more.includes(row);
}

/** What was reported in one section. */
export interface Told {
  section: Section;
  /** As spelled in the output. */
  unit: string;
  /** The texts in place of figures, by row, in clpeak's order. */
  figures: { row: string; text: string }[];
  /** Words that report a problem. */
  trouble: string[];
}

/** An error of OpenCL as 1.x prints it within a section, and what follows; a row that 2.x did not run. */
export const TROUBLE = /\(-\d+\)$|^Tests skipped$|^\[(?:unsupported|skipped|error)\]/i;

/**
 * The figures of the sections. A section that was not requested, such as half precision, which clpeak 1.x
 * runs along with double, is ignored if it is incomplete.
 *
 * @throws WorkloadFailure if a requested one is missing, incomplete or of another unit; or if there are two
 * devices
 */
export function metricsOf(told: readonly Told[], tests: readonly string[]): Metric[] {
  if (told.length === 0)
    throw new WorkloadFailure(
      'expected clpeak’s figures, found none: is there an OpenCL device on the target (clinfo)?',
    );
  const missing = tests.filter((test) => !told.some(({ section }) => section.name === test));
  if (missing.length > 0)
    throw new WorkloadFailure(
      `expected figures of every requested test, found none of ${missing.join(', ')}`,
    );
  const found = told.flatMap((one) => {
    const wrong = wrongIn(one);
    if (wrong === undefined) return one.figures.map(({ row, text }) => figureOf(one.section, row, text));
    if (tests.includes(one.section.name)) throw new WorkloadFailure(wrong);
    return [];
  });
  requireFewReadings(found.length);
  requireOneDevice(new Set(found.map(({ name }) => name)).size === found.length);
  return found;
}

/** @throws WorkloadFailure: the intended one can't be guessed. */
export function requireOneDevice(isOne: boolean): void {
  if (!isOne)
    throw new WorkloadFailure(
      'expected figures of one device, found those of several: choose one with the keys platform and device',
    );
}

/** 2.x prints zero if host and device share memory, so that mapping moves nothing: that is not a figure. */
export function movedNothing(row: string, text: string): boolean {
  return /^enqueue(?:mapbuffer|unmap)$/.test(row) && Number(text) === 0;
}

/** The names of clpeak's rows in results. */
export function slug(label: string): string {
  return label
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

function wrongIn({ section, unit, figures, trouble }: Told): string | undefined {
  if (!section.spelled.includes(unit.toLowerCase()))
    return `expected ${section.name} in ${section.spelled[0]?.toUpperCase() ?? ''}, found ${quoted(unit)}`;
  const words = trouble.slice(0, 2).map(quoted);
  const odd = figures.find(({ text }) => !NUMBER.test(text));
  if (odd !== undefined)
    return `expected a number of ${nameOf(section, odd.row)}, found ${[odd.text, ...trouble.slice(0, 2)].map(quoted).join(', ')}`;
  const absent = section.rows.filter((row) => !figures.some((figure) => figure.row === row));
  if (absent.length > 0) words.unshift(`no ${absent.join(', ')}`);
  return words.length === 0
    ? undefined
    : `expected all of clpeak’s ${section.name}, found ${words.join(', ')}`;
}

const NUMBER = /^[-+]?(?:\d+(?:\.\d+)?(?:e[-+]?\d+)?|nan|inf(?:inity)?)$/i;

function figureOf(section: Section, row: string, text: string): Metric {
  return metric(
    nameOf(section, row),
    section.unit,
    section.better,
    Number(text.replace(/^([-+]?)inf.*/i, '$1Infinity')),
  );
}

function nameOf({ name }: Section, row: string): string {
  return row === 'dispatch' ? name : `${name}.${row}`;
}
