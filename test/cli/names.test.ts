/** Names that every object of JavaScript has are names like any other, from the file to the gate. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Results } from '../../src/compare/results.ts';
import type { Gate } from '../../src/gate/gate.ts';
import { vgpubench } from '../support/cli.ts';
import { testTargets } from '../support/targets.ts';

const experiment = (config: string) => `name: valueOf
baseline: constructor
targets:
  toString: { ssh: a, config: ${config}, host: hasOwnProperty }
  hasOwnProperty: { ssh: a, config: ${config} }
same-machine: allowed
modes:
  constructor:
    use: custom
    on: toString
    environment: { constructor: "7", toString: said }
    count: [{ run: "echo still 1; test ! -e ~/counted || echo constructor 5; : >~/counted" }]
  hasOwnProperty: { use: native, on: toString, hypervisor: allowed }
workloads:
  - use: command
    name: isPrototypeOf
    run: >-
      echo '{"t": 5, "phases": {"constructor": 2, "valueOf": 3}, "crossings": {"toString": 4}}'
    metric: { name: toString, field: t, unit: s, better: lower, limit: 1 }
  - use: command
    name: valueOf
    run: echo "{\\"constructor\\":\${constructor:-3}}"
    metric: { field: constructor, unit: s, better: higher }
design: { blocks: 2, samples: 1, warmup: 0, aa: 1 }
`;

describe('names that every object has', () => {
  const lab = testTargets([{ alias: 'a' }]);

  it('are those of targets, modes, workloads, metrics, variables, counters and phases', async () => {
    writeFileSync(join(lab.folder, 'names.yaml'), experiment(lab.servers.sshConfig));
    for (const out of ['one', 'two']) {
      const { exitCode, stderr } = await vgpubench(['run', 'names.yaml', '--out', out], lab.folder);
      assert.equal(exitCode, 0, stderr);
    }
    const results = JSON.parse(readFileSync(join(lab.folder, 'one/results.json'), 'utf8')) as Results;
    assert.deepEqual(
      results.cells.map(({ mode, workload, metric, phases, trials }) => [
        ...[mode, workload, metric, phases],
        ...trials.flatMap(({ values }) => values),
      ]),
      ['constructor', 'hasOwnProperty', 'constructor-aa'].flatMap((mode) => [
        [mode, 'isPrototypeOf', 'toString', { constructor: 2, valueOf: 3 }, 5, 5],
        [mode, 'valueOf', 'constructor', {}, ...(mode === 'hasOwnProperty' ? [3, 3] : [7, 7])],
      ]),
    );
    assert.deepEqual(
      results.counters.map(({ counters }) => counters).filter((one) => Object.keys(one).length > 0),
      [{ constructor: 5 }],
    );
    const gate = await vgpubench(['compare', 'one', 'two/results.json', '--json'], lab.folder);
    const { cells, missing, warnings } = JSON.parse(gate.stdout) as Gate;
    assert.deepEqual([cells.length, missing], [4, []], gate.stdout);
    assert.ok(warnings.every(({ code }) => !code.startsWith('cell')));
  });
});
