import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { eventSchema } from '../../src/record/event.ts';
import { SampleShapes } from '../../src/record/sample-shapes.ts';

const number = fc.oneof(
  { weight: 30, arbitrary: fc.integer().map((whole) => whole / 1000) },
  { weight: 1, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0) },
);
const numbers = fc.dictionary(fc.string({ minLength: 1 }), number, { maxKeys: 3, noNullPrototype: true });
const text = fc.oneof(
  fc.string(),
  fc.constantFrom('\u0000', '\u0001', '"', '\\', '(a|b)*', '$&', 'v', 'wall'),
);
const reading = fc.record({
  metrics: fc.array(
    fc.record({ name: text, unit: text, better: fc.constantFrom('higher', 'lower'), value: number }),
    { maxLength: 2 },
  ),
  phases: numbers,
  crossings: numbers,
});
const guest = fc.record({
  target: text,
  durationNs: fc.option(number),
  readings: fc.array(reading, { minLength: 1, maxLength: 2 }),
});
const sample = fc.record({
  v: fc.constant(2),
  atMs: number,
  wall: text,
  type: fc.constant('sample'),
  trial: text,
  attempt: number,
  index: number,
  warmup: fc.boolean(),
  guests: fc.array(guest, { minLength: 1, maxLength: 2 }),
  startSpreadNs: fc.option(number),
});

/** The same shape with other numbers, another trial and another time. */
function varied(value: unknown, salt: number, key = ''): unknown {
  if (typeof value === 'number') return key === 'v' ? value : Math.fround(value / 3 + salt);
  if (key === 'wall' || key === 'trial') return `${String(value)}${salt}`;
  if (Array.isArray(value)) return value.map((one) => varied(one, salt));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, varied(part, salt, name)]));
}

describe('sample lines read by their shape', () => {
  it('say what the JSON parser says of them, or are left to it', () => {
    let read = 0;
    fc.assert(
      fc.property(sample, fc.integer(), (first, salt) => {
        const shapes = new SampleShapes();
        const line = JSON.stringify(first);
        const parsed = eventSchema.safeParse(JSON.parse(line));
        if (parsed.success) shapes.learn(line, JSON.parse(line), parsed.data);
        const other = JSON.stringify(varied(first, salt));
        for (const one of [line, other]) {
          const found = shapes.read(one);
          if (found === undefined) continue;
          read++;
          assert.deepEqual(found, JSON.parse(one));
        }
      }),
      { numRuns: 500 },
    );
    assert.ok(read > 60, `${read} lines were read by shape`);
  });

  const line = (over: object) =>
    JSON.stringify({
      ...{ v: 2, atMs: 1, wall: 'w', type: 'sample', trial: 't', attempt: 1, index: 0, warmup: false },
      guests: [{ target: 'a', durationNs: 1, readings: [{ metrics: [], phases: {}, crossings: {} }] }],
      startSpreadNs: null,
      ...over,
    });
  const learnt = () => {
    const shapes = new SampleShapes();
    const value: unknown = JSON.parse(line({}));
    shapes.learn(line({}), value, eventSchema.parse(value));
    return shapes;
  };

  it('are none that say anything else, or are not whole', () => {
    const shapes = learnt();
    assert.ok(shapes.read(line({ index: 7 })) !== undefined);
    for (const other of [
      line({ v: 3 }),
      line({ index: null }),
      line({ index: '7' }),
      line({ warmup: true }),
      line({ extra: 1 }),
      line({ index: 7 }).replace('7', '1e999'),
      line({ index: 7 }).replace('7', '0x7'),
      line({ index: 7 }).replace('7', ''),
      line({}).slice(0, -1),
      ` ${line({})}`,
      line({ trial: 'a"b' }),
    ])
      assert.equal(shapes.read(other), undefined, other);
  });

  it('are not learnt from a line that the schema reads as something else', () => {
    const shapes = new SampleShapes();
    const lacking = line({ guests: [{ target: 'a', durationNs: 1, readings: [{ metrics: [] }] }] });
    shapes.learn(lacking, JSON.parse(lacking), eventSchema.parse(JSON.parse(lacking)));
    assert.equal(shapes.read(lacking), undefined);
  });

  it('are learnt no more where each has a shape of its own, such as by its checksum', () => {
    const [shapes, first] = [new SampleShapes(), sampled('c0')];
    shapes.learn(...first);
    assert.ok(shapes.read(first[0]));
    for (let n = 1; n < 40; n++) {
      const other = sampled(`c${n}`);
      assert.equal(shapes.read(other[0]), undefined);
      shapes.learn(...other);
    }
    assert.equal(shapes.read(sampled('c39')[0]), undefined);
  });

  it('go on being learnt where most are read by one', () => {
    const [shapes, first] = [new SampleShapes(), sampled('same')];
    shapes.learn(...first);
    for (let n = 0; n < 400; n++) {
      const other = sampled(`c${n}`);
      for (let same = 0; same < 8; same++) assert.ok(shapes.read(first[0]));
      shapes.learn(...other);
      assert.ok(shapes.read(other[0]));
    }
  });

  it('are not learnt where there is more in them than an expression holds', () => {
    const shapes = new SampleShapes();
    const long = sampled('same', 70_000);
    shapes.learn(...long);
    assert.equal(shapes.read(long[0]), undefined);
  });
});

/** A sample's line, its value, and its event, with as many readings of a checksum. */
function sampled(checksum: string, count = 1): Parameters<SampleShapes['learn']> {
  const reading = { metrics: [], phases: { copy: 1 }, crossings: {}, checksum };
  const readings = Array.from({ length: count }, () => reading);
  const value = {
    ...{ v: 2, atMs: 1, wall: 'w', type: 'sample', trial: 't', attempt: 1, index: 0, warmup: false },
    ...{ guests: [{ target: 'a', durationNs: 1, readings }], startSpreadNs: null },
  };
  return [JSON.stringify(value), value, eventSchema.parse(value)];
}
