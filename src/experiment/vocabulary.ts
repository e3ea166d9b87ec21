import type { Document } from 'yaml';
import { type Path, valueAt } from './position.ts';
import { experimentSchema } from './schema.ts';

/** The keys that the schema knows at `path`, to suggest the nearest valid word. */
export function knownKeys(path: Path, document: Document): string[] {
  const schema = schemaAt(path, document);
  return schema === undefined ? [] : Object.keys(schema);
}

/** The valid values of `use` at `path`, which ends in `use`. */
export function discriminators(path: Path): string[] {
  const kind =
    path[0] === 'modes' ? experimentSchema.shape.modes.valueType : experimentSchema.shape.workloads.element;
  return kind.options.map((option) => option.shape.use.value);
}

function schemaAt(path: Path, document: Document): Record<string, unknown> | undefined {
  const shape = experimentSchema.shape;
  const [top, , inner] = path;
  if (top === undefined) return shape;
  if (top === 'design' || top === 'limits') return shape[top].unwrap().shape;
  if (top === 'targets') return shape.targets.valueType.shape;
  const kind = top === 'modes' ? shape.modes.valueType : shape.workloads.element;
  const use = valueAt(document, [...path.slice(0, 2), 'use']);
  const options: readonly { shape: Record<string, unknown> & { use: { value: string } } }[] = kind.options;
  const option = options.find((candidate) => candidate.shape.use.value === use);
  if (inner === undefined || option === undefined) return option?.shape;
  return shapeOf(option.shape[String(inner)]);
}

/** Unwraps optionals, defaults, arrays and transforms down to an object's shape. */
function shapeOf(schema: unknown): Record<string, unknown> | undefined {
  let current = schema as { shape?: Record<string, unknown>; def?: Record<string, unknown> } | undefined;
  while (current !== undefined) {
    if (current.shape !== undefined) return current.shape;
    const def = current.def ?? {};
    const options = def['options'] as unknown[] | undefined;
    current = (def['innerType'] ?? def['element'] ?? def['in'] ?? options?.at(-1)) as typeof current;
  }
  return undefined;
}
