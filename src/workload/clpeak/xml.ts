import { WorkloadFailure } from '../workload.ts';
import { type Told, isRow, requireOneDevice, sectionOf, slug } from './sections.ts';

/** What clpeak writes is far shorter. */
const LONGEST_XML = 64 * 1024;

/**
 * clpeak 1.x's XML: an element per test with a unit, containing an element per figure. If a test fails, 1.x
 * leaves its element open, so that later tests are nested in it: they count by themselves, and the failed one
 * is incomplete.
 *
 * @throws WorkloadFailure if it is not such XML, or reports several devices
 */
export function parseClpeakXml(text: string): Told[] {
  if (text.length > LONGEST_XML)
    throw new WorkloadFailure(`expected clpeak’s XML, found ${text.length} characters`);
  const found: Told[] = [];
  /** The elements around a position; undefined for those of no test. */
  const open: (Told | undefined)[] = [];
  let devices = 0;
  for (const [, slash = '', name = '', attributes = '', content = ''] of text.matchAll(ELEMENT)) {
    if (slash !== '') {
      open.pop();
      continue;
    }
    const section = sectionOf(name);
    const value = content.trim();
    if (name === 'device') devices += 1;
    if (section === undefined) {
      const around = open.at(-1);
      if (around !== undefined && isRow(around.section, slug(name)))
        around.figures.push({ row: slug(name), text: value });
      if (!attributes.endsWith('/')) open.push(undefined);
      continue;
    }
    const unit = /\bunit="([^"]*)"/.exec(attributes)?.[1] ?? '';
    const told: Told = { section, unit, figures: [], trouble: [] };
    if (value !== '') told.figures.push({ row: 'dispatch', text: value });
    open.findLast((outer) => outer !== undefined)?.trouble.push(`${name} inside it`);
    found.push(told);
    open.push(told);
  }
  requireOneDevice(devices <= 1);
  return found;
}

const ELEMENT = /<(\/?)([A-Za-z_]\w*)((?:\s[^<>]*)?)>([^<]*)/g;
