import { z } from 'zod';
import { resultsJsonSchema } from '../compare/results.ts';
import { oneOf } from '../words/nearest.ts';
import { experimentJsonSchema } from '../experiment/schema.ts';
import { Problem } from '../problem.ts';
import { eventSchema } from '../record/event.ts';
import { printJson } from './output.ts';

const SCHEMAS: Record<string, () => object> = {
  experiment: experimentJsonSchema,
  results: resultsJsonSchema,
  journal: () => z.toJSONSchema(eventSchema, { io: 'input' }),
};

/** `vgpubench schema NAME` */
export function schema(name: string): number {
  const make = SCHEMAS[name];
  if (make === undefined)
    throw new Problem({
      code: 'VGB-SCHEMA',
      message: 'no schema of that name',
      ...oneOf(name, Object.keys(SCHEMAS)),
      found: name,
    });
  printJson(make());
  return 0;
}
