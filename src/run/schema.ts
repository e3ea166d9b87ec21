import { z } from 'zod';
import { resultsJsonSchema } from '../compare/results.ts';
import { experimentJsonSchema } from '../experiment/schema.ts';
import { Problem } from '../problem.ts';
import { eventSchema } from '../record/event.ts';
import { oneOf } from '../words/nearest.ts';

const SCHEMAS = new Map<string, () => object>([
  ['experiment', experimentJsonSchema],
  ['results', resultsJsonSchema],
  ['journal', () => z.toJSONSchema(eventSchema, { io: 'input' })],
]);

/** The JSON Schema of a format. @throws Problem if there is none of that name. */
export function schemaNamed(name: string): object {
  const make = SCHEMAS.get(name);
  if (make !== undefined) return make();
  throw new Problem({
    code: 'VGB-SCHEMA',
    message: 'no schema of that name',
    ...oneOf(name, [...SCHEMAS.keys()]),
    found: name,
  });
}
