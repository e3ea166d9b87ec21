import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { experimentJsonSchema, experimentSchema } from '../../src/experiment/schema.ts';

interface Schema {
  type?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  items?: Schema;
  oneOf?: Schema[];
  anyOf?: Schema[];
  const?: string;
  description?: string;
}

const schema = experimentJsonSchema() as Schema;

/** The map that `use: word` asks for among the entries of modes or workloads. */
function entry(of: Schema | undefined, word: string): Schema {
  const found = (of?.oneOf ?? of?.anyOf)?.find(({ properties }) => properties?.['use']?.const === word);
  assert.ok(found, `use: ${word}`);
  return found;
}

function everyMap(root: Schema): Schema[] {
  const inner = Object.values(root).flatMap((value: unknown) =>
    typeof value === 'object' && value !== null ? everyMap(value as Schema) : [],
  );
  return root.type === 'object' && root.properties !== undefined ? [root, ...inner] : inner;
}

describe('the JSON Schema of the experiment file', () => {
  it('is what an editor takes: plain JSON with its dialect', () => {
    assert.deepEqual(JSON.parse(JSON.stringify(schema)), schema);
    assert.match(JSON.stringify(schema), /json-schema\.org/);
  });

  it('asks for what has no default, and for no more', () => {
    assert.deepEqual(schema.required, ['name', 'targets', 'modes', 'workloads']);
    assert.deepEqual(Object.keys(schema.properties ?? {}), Object.keys(experimentSchema.shape));
    assert.deepEqual(schema.properties?.['design']?.required ?? [], []);
    const mode = entry(schema.properties?.['modes']?.additionalProperties as Schema, 'custom');
    assert.deepEqual(mode.required, ['use', 'on']);
  });

  it('refuses unknown keys wherever the loader does', () => {
    const maps = everyMap(schema);
    assert.ok(maps.length >= 12, `${maps.length} maps`);
    for (const map of maps) assert.equal(map.additionalProperties, false, JSON.stringify(map).slice(0, 200));
  });

  it('knows every mode and workload', () => {
    const { modes, workloads } = schema.properties ?? {};
    for (const word of ['native', 'custom']) entry(modes?.additionalProperties as Schema, word);
    for (const word of ['clpeak', 'hashcat', 'command']) entry(workloads?.items, word);
  });

  it('takes quantities as they are written: as texts', () => {
    const { design, limits } = schema.properties ?? {};
    assert.equal(design?.properties?.['budget']?.type, 'string');
    assert.equal(design.properties['margin']?.type, 'string');
    assert.equal(limits?.properties?.['output']?.type, 'string');
  });
});
