import { linesOf } from '../lines.ts';
import { type Told, TROUBLE, isRow, movedNothing, requireOneDevice, sectionOf, slug } from './sections.ts';

/** What clpeak prints is far shorter. A longer line is not clpeak's. */
const LONGEST_LINE = 1000;

/**
 * clpeak's text: one section per test, followed by ` row : value` lines. Any other line comes from something
 * else, such as a compiler, and is never a figure, whatever it ends with.
 *
 * @throws WorkloadFailure if it reports several devices
 */
export function parseClpeakText(text: string): Told[] {
  const found: Told[] = [];
  let devices = 0;
  let told: Told | undefined;
  for (const raw of linesOf(text)) {
    if (raw.length > LONGEST_LINE) continue;
    const line = withoutColours(raw).trim();
    if (/^Device(?: \d+)?: /.test(line)) devices += 1;
    const begun = sectionIn(line);
    if (begun !== undefined) {
      told = begun === 'other' ? undefined : begun;
      if (told !== undefined) found.push(told);
    } else if (told !== undefined) readRow(told, line);
  }
  requireOneDevice(devices <= 1);
  return found;
}

/**
 * The section that a line begins; `other` for one from which nothing is read, undefined for a line within
 * one.
 */
function sectionIn(line: string): Told | 'other' | undefined {
  // 1.x prints its latency on the title's own line.
  const latency = /^(Kernel launch latency) : (.*)$/i.exec(line);
  const [, title = '', rest = ''] = latency ?? /^([^()]+(?:\(\w+\)[^()]*)?) \(([^()]+)\)$/.exec(line) ?? [];
  const section = sectionOf(title);
  if (section === undefined) return RATE.test(rest.trim()) ? 'other' : undefined;
  if (latency === null) return { section, unit: rest.trim(), figures: [], trouble: [] };
  if (TROUBLE.test(rest)) return { section, unit: section.unit, figures: [], trouble: [rest] };
  const [text = '', ...unit] = rest.split(/\s+/);
  return { section, unit: unit.join(' '), figures: [{ row: 'dispatch', text }], trouble: [] };
}

/** The endings of the titles of clpeak's other tests. */
const RATE = /^[a-z]{0,3}(?:ops|bps|us)$/i;

function readRow({ section, figures, trouble }: Told, line: string): void {
  const colon = line.indexOf(' : ') < 0 ? line.indexOf(': ') : line.indexOf(' : ');
  const row = slug(line.slice(0, Math.max(0, colon)));
  const text = line
    .slice(colon)
    .replace(/^ ?: ?/, '')
    .trim();
  if (isRow(section, row)) {
    if (!movedNothing(row, text)) figures.push({ row, text });
  } else if (TROUBLE.test(line)) trouble.push(line);
}

/** Replaces each by a space, so that no two pieces become one number. */
function withoutColours(line: string): string {
  // eslint-disable-next-line no-control-regex -- it is what colours begin with
  return line.replace(/\u001b\[[\d;]*m/g, ' ');
}
