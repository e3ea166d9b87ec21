import type { z } from 'zod';

/** The schemas of a list of kinds, each of its own type. */
type SchemasOf<Kinds extends readonly { schema: z.ZodType }[]> = {
  [At in keyof Kinds]: Kinds[At]['schema'];
};

export function schemasOf<const Kinds extends readonly { schema: z.ZodType }[]>(
  kinds: Kinds,
): SchemasOf<Kinds> {
  return kinds.map(({ schema }) => schema) as unknown as SchemasOf<Kinds>;
}
