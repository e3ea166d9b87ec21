/** Traces of the lab's pvdrm, held against a model of the original's rules. */
import assert from 'node:assert/strict';
import { execa } from 'execa';
import { PvdrmModel } from './pvdrm-model.ts';

/** How often each operation, and each hypercall by its sign, was seen. */
export type Tally = Map<string, number>;

/** @param program what lab/Makefile calls `trace` @param first of so many seeds */
export async function checkTraces(program: string, first: number, count: number): Promise<Tally> {
  const { stdout } = await execa(program, [String(first), String(count)], {
    timeout: 300_000,
    maxBuffer: 1e9,
  });
  const tally: Tally = new Map();
  let [model, title] = [new PvdrmModel(false), ''];
  let traces = 0;
  for (const text of stdout.split('\n')) {
    if (text.startsWith('trace ')) {
      [model, title] = [new PvdrmModel(text.endsWith('cache=1')), text];
      traces++;
      continue;
    }
    const [action = '', crossed = ''] = text.split(':');
    const words = crossed.split(' ').filter((word) => word !== '');
    const expected = model.act(action.trim().split(' '));
    // What a guest that is gone leaves goes in the order of the back-end's own table.
    if (action.startsWith('gone')) for (const some of [words, expected]) some.sort();
    assert.deepEqual(words, expected, `${title}: ${text}`);
    for (const word of words) {
      const kind = word.replace(/\d+$/, '');
      tally.set(kind, (tally.get(kind) ?? 0) + 1);
    }
  }
  assert.equal(traces, count);
  return tally;
}

/** All that may cross does, so that what was compared is more than nothing. */
export function assertAllKinds(tally: Tally): void {
  const objects = ['gemNew', 'gemInfo', 'gemClose', 'toGlobal', 'fromGlobal', 'mmap', 'cpuPrep', 'fault'];
  const programs = ['fileOpen', 'fileClose', 'getparam', 'channelAlloc', 'channelFree'];
  assert.deepEqual([...tally.keys()].sort(), [...objects, ...programs, '+', '-', 'g+', 'g-'].sort());
}
