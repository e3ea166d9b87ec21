import { z } from 'zod';
import { requireFewReadings } from '../bounded.ts';
import { requireJsonLength } from '../lines.ts';
import { WorkloadFailure } from '../workload.ts';
import { type Told, movedNothing, requireOneDevice, sectionOf, slug } from './sections.ts';

/** The backend whose figures are comparable with 1.x's. */
const BACKEND = 'OpenCL';

const entrySchema = z.object({
  backend: z.string(),
  platform: z.string().optional(),
  device: z.string().optional(),
  test: z.string(),
  metric: z.string(),
  unit: z.string(),
  value: z.number().optional(),
  status: z.string().optional(),
  reason: z.string().optional(),
});

const documentSchema = z.object({
  devices: z.array(z.object({ backend: z.string() })).default([]),
  entries: z.array(entrySchema),
});

/**
 * clpeak 2.x's JSON (format_version 2): a flat list of entries, one per row, with a status in place of the
 * value if it was not run. Only those of OpenCL are read.
 *
 * @throws WorkloadFailure if it is not such JSON, or has several devices
 */
export function parseClpeakJson(text: string): Told[] {
  const { devices, entries } = readJson(text);
  const own = entries.filter(({ backend }) => backend === BACKEND);
  if (own.length === 0 && entries.length > 0)
    throw new WorkloadFailure(
      `expected clpeak’s figures by OpenCL, found only those of other backends (${entries[0]?.backend ?? ''}): is there an OpenCL device on the target (clinfo)?`,
    );
  requireOneDevice(
    devices.filter(({ backend }) => backend === BACKEND).length <= 1 &&
      new Set(own.map(({ platform, device }) => JSON.stringify([platform, device]))).size <= 1,
  );
  requireFewReadings(own.length);
  const found = new Map<string, Told>();
  for (const { test, metric, unit, value, status, reason } of own) {
    const section = sectionOf(test);
    if (section === undefined) continue;
    const told = found.get(test) ?? { section, unit, figures: [], trouble: [] };
    found.set(test, told);
    if (unit !== told.unit) told.trouble.push(`${metric} in ${unit}`);
    const row = slug(metric);
    if (value === undefined) told.trouble.push(`[${status ?? 'no value'}] ${reason ?? ''}`.trim());
    else if (!movedNothing(row, String(value))) told.figures.push({ row, text: String(value) });
  }
  return [...found.values()];
}

function readJson(text: string): z.output<typeof documentSchema> {
  requireJsonLength(text);
  try {
    return documentSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new WorkloadFailure('expected the JSON of clpeak 2.x (keys format_version and entries)', {
      cause: error,
    });
  }
}
