import assert from 'node:assert/strict';
import { it } from 'node:test';
import { BOOT_SCRIPT } from '../../src/environment/fingerprint.ts';
import { greeter } from '../../src/measure/greet.ts';
import type { EventBody } from '../../src/record/event.ts';

it('a target is written down the first time it is greeted, and again after each boot', async () => {
  const told: EventBody[] = [];
  const greet = greeter((body) => told.push(body));
  let boot = 'one';
  const target = {
    name: 'guest',
    shell: () =>
      Promise.resolve({
        shell: 'sh',
        scratch: '/tmp',
        clock: { source: 'date', tickNs: 1, monotonic: true } as const,
      }),
    run: (script: string) =>
      Promise.resolve({
        stdout: script === BOOT_SCRIPT ? `${boot}\n` : `boot\t${boot}\n`,
        stderr: '',
        exitCode: 0,
      }),
  };
  const boots = () =>
    told.map((body) => (body.type === 'target-ready' ? body.fingerprint['boot'] : body.type));
  await greet(target);
  await greet(target);
  assert.deepEqual(boots(), ['one']);
  boot = 'two';
  await greet(target);
  await greet(target);
  assert.deepEqual(boots(), ['one', 'two']);
});
