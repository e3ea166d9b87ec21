import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { FrameReader } from '../../src/target/frames.ts';

const NONCE = '0123456789abcdef0123456789abcdef';
const mark = (words: string) => `\n${NONCE} ${words}\n`;

describe('FrameReader', () => {
  it('gives the bytes before a mark and the words of the mark', () => {
    const [frame, ...rest] = new FrameReader(NONCE, 100).push(Buffer.from(`hello${mark('end s1 0')}`));
    assert.equal(rest.length, 0);
    assert.deepEqual(frame?.words, ['end', 's1', '0']);
    assert.equal(frame.payload.toString(), 'hello');
  });

  it('gives the same frames however the bytes are cut into chunks', () => {
    const bytes = fc.uint8Array({ maxLength: 300 });
    fc.assert(
      fc.property(
        bytes,
        bytes,
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
        (first, second, cuts) => {
          const stream = Buffer.concat([
            first,
            Buffer.from(mark('out a')),
            second,
            Buffer.from(mark('end b 0')),
          ]);
          const reader = new FrameReader(NONCE, 1000);
          const frames = [];
          for (let at = 0, i = 0; at < stream.length; i++) {
            const size = cuts[i % cuts.length]!;
            frames.push(...reader.push(stream.subarray(at, at + size)));
            at += size;
          }
          assert.equal(frames.length, 2);
          assert.deepEqual(
            frames.map(({ payload }) => Buffer.from(payload)),
            [Buffer.from(first), Buffer.from(second)],
          );
        },
      ),
    );
  });

  it('keeps to its limit where a mark comes in two parts', () => {
    const reader = new FrameReader(NONCE, 10);
    const text = mark('end s1 0');
    assert.deepEqual(reader.push(Buffer.from('x'.repeat(25) + text.slice(0, -3))), []);
    const [frame] = reader.push(Buffer.from(text.slice(-3)));
    assert.deepEqual([frame?.payload.toString(), frame?.dropped], ['x'.repeat(10), 15]);
    assert.deepEqual(frame?.words, ['end', 's1', '0']);
    const [next] = reader.push(Buffer.from(`after${text}`));
    assert.deepEqual([next?.payload.toString(), next?.dropped], ['after', 0]);
  });

  it('takes a mark with another nonce, or one that does not begin a line, for output', () => {
    const forged = `\n${NONCE.replace('0', 'f')} end s1 0\nx${NONCE} end s1 0\n`;
    const [frame] = new FrameReader(NONCE, 1000).push(Buffer.from(forged + mark('end s1 7')));
    assert.deepEqual(frame?.words, ['end', 's1', '7']);
    assert.equal(frame.payload.toString(), forged);
  });

  it('keeps no more than its limit and counts the rest', () => {
    const reader = new FrameReader(NONCE, 10);
    for (let i = 0; i < 1000; i++) assert.equal(reader.push(Buffer.alloc(1000, 'x')).length, 0);
    const [frame] = reader.push(Buffer.from(mark('end s1 0')));
    assert.equal(frame?.payload.length, 10);
    assert.equal(frame.dropped, 1_000_000 - 10);
  });
});
