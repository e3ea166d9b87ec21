import assert from 'node:assert/strict';
import { it } from 'node:test';
import { greeter } from '../../src/measure/greet.ts';
import type { EventBody } from '../../src/record/event.ts';

it('a target is written down the first time it is greeted, and again after each boot', async () => {
  const told: EventBody[] = [];
  const greet = greeter((body) => told.push(body), 'refused');
  let boot = 'one';
  const target = {
    name: 'guest',
    facts: () =>
      Promise.resolve({
        ...{ shell: 'sh', containment: 'search' as const, scratch: '/tmp', boot, remarks: ['no flock'] },
        clock: { source: 'date', tickNs: 1, monotonic: true } as const,
      }),
    run: () => Promise.resolve({ stdout: `boot\t${boot}\n`, stderr: '', exitCode: 0 }),
  };
  const boots = () =>
    told.flatMap((body) => (body.type === 'target-ready' ? (body.fingerprint['boot'] ?? '') : []));
  await greet(target);
  await greet(target);
  assert.deepEqual(boots(), ['one']);
  boot = 'two';
  await greet(target);
  await greet(target);
  assert.deepEqual(boots(), ['one', 'two']);
  // What is not as it should be there is told beside.
  const remarks = told.flatMap((body) => (body.type === 'incident' ? [`${body.kind}: ${body.text}`] : []));
  assert.deepEqual(remarks, ['target: no flock', 'target: no flock']);
});
