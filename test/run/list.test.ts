/** What is told of each kind: all of it, and an experiment file that loads. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { loadExperiment } from '../../src/experiment/load.ts';
import { listKinds } from '../../src/run/list.ts';
import { testFolder } from '../support/directory.ts';

describe('what there is', () => {
  const folder = testFolder();

  for (const what of ['modes', 'workloads'] as const)
    for (const kind of listKinds(what))
      it(`${what} ${kind.use}: all of it is told, and its example loads`, () => {
        for (const { name, takes, words } of kind.options) {
          assert.notEqual(takes, 'any', name);
          assert.ok(words !== '' && takes !== '', `${name}: ${takes}: ${words}`);
        }
        assert.ok(kind.summary !== '' && Object.keys(kind.facts).length === 1 && kind.proof.length > 0);
        for (const { told, next } of kind.fails) assert.ok(told !== '' && next !== '');
        const file = join(folder, `${kind.use}.yaml`);
        writeFileSync(file, kind.example);
        const { experiment } = loadExperiment(file);
        const uses = [...Object.values(experiment.modes), ...experiment.workloads].map(({ use }) => use);
        assert.ok(uses.includes(kind.use as (typeof uses)[number]), 'it is in its own example');
      });

  it('tells what is required, what an option is by default, and what a kind needs', () => {
    const [mediated] = listKinds('modes', 'lab-mediated');
    const options = new Map(mediated?.options.map((option) => [option.name, option]));
    assert.equal(options.get('on')?.required, true);
    assert.equal(options.get('quantum')?.required, false);
    assert.deepEqual(mediated?.needs, [
      { at: 'guest', program: 'vgpu-mode' },
      { at: 'host', program: 'vgpu-mode' },
    ]);
    const [hashcat] = listKinds('workloads', 'hashcat');
    assert.equal(hashcat?.options.find(({ name }) => name === 'hash')?.preset, 0);
  });

  it('marks what nobody has run on the hardware that it is for', () => {
    const marked = listKinds('modes').filter(({ summary }) => summary.endsWith('not yet run on hardware.'));
    assert.deepEqual(
      marked.map(({ use }) => use),
      ['pvdrm', 'xengt', 'gvtg', 'nvidia-vgpu', 'passthrough', 'virtio-gpu', 'forwarding'],
    );
  });

  it('has no kind of any other name', () => {
    assert.throws(() => listKinds('modes', 'lab-pvdrn'), {
      code: 'VGB-LIST',
      next: 'did you mean lab-pvdrm?',
    });
    assert.throws(() => listKinds('workloads', 'native'), { code: 'VGB-LIST', exitCode: 2 });
  });
});
