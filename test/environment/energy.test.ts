import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { ENERGY_SCRIPT, energyBetween, parseEnergy } from '../../src/environment/energy.ts';
import { EnergyTree } from '../support/energy-tree.ts';

const scratch = mkdtempSync(join(tmpdir(), 'vgpubench-energy-'));
after(() => {
  rmSync(scratch, { recursive: true });
});
const tree = (name: string) => new EnergyTree(join(scratch, name));
const read = (from: EnergyTree) => parseEnergy(from.told(ENERGY_SCRIPT).split('\n'));

describe('the energy of a machine', () => {
  it('is of whole CPU packages and of cards, without what is in them', () => {
    const machine = tree('whole')
      .rapl('intel-rapl:0', 'package-0', 5e6, 262_143_328_850)
      .rapl('intel-rapl:0:0', 'core', 3e6, 262_143_328_850)
      .rapl('intel-rapl:1', 'package-1', 1e6, 262_143_328_850)
      .rapl('intel-rapl:2', 'psys', 9e6, 262_143_328_850)
      .card('card0', 'xe', 7e6)
      .card('card1', 'amdgpu', 8e6);
    const before = read(machine);
    assert.deepEqual(
      before.map(({ source, spent }) => [source, spent]),
      [
        ['cpu', 5e6],
        ['cpu', 1e6],
        ['gpu', 7e6],
      ],
    );
    machine
      .rapl('intel-rapl:0', 'package-0', 6.5e6)
      .rapl('intel-rapl:1', 'package-1', 2e6)
      .card('card0', 'xe', 7.25e6);
    assert.deepEqual(energyBetween(before, read(machine)), { cpu: 2.5, gpu: 0.25 });
  });

  it('goes on where a counter has met its range', () => {
    const machine = tree('range').rapl('intel-rapl:0', 'package-0', 99e6, 100e6);
    const before = read(machine);
    machine.rapl('intel-rapl:0', 'package-0', 2e6);
    assert.deepEqual(energyBetween(before, read(machine)), { cpu: 3 });
  });

  it('is null where a counter can’t be read, and absent where there is none', () => {
    const machine = tree('hidden').rapl('intel-rapl:0', 'package-0', 5e6, 100e6).hide('intel-rapl:0');
    const hidden = read(machine);
    assert.equal(hidden[0]!.spent, null);
    assert.deepEqual(energyBetween(hidden, hidden), { cpu: null });
    assert.deepEqual(energyBetween(read(tree('none')), read(tree('none'))), {});
  });

  it('is absent where counters came, went, or began anew', () => {
    const one = { name: 'a', source: 'gpu', spent: 5, range: null } as const;
    assert.deepEqual(energyBetween([], [one]), {});
    assert.deepEqual(energyBetween([one], []), {});
    assert.deepEqual(energyBetween([{ ...one, name: 'b' }], [one]), {});
    assert.deepEqual(energyBetween([one], [{ ...one, spent: 4 }]), {});
  });

  it('is of lines of its own form alone, and of so many', () => {
    const hostile = ['cpu package-0 1e9 -', 'cpu package-0 -5 -', 'gpu a b 5 -', 'cpu x 5', '', 'psu x 5 5'];
    assert.deepEqual(parseEnergy(hostile), []);
    assert.equal(parseEnergy(Array.from({ length: 1000 }, (_, i) => `cpu package-${i} 5 -`)).length, 64);
  });

  it('is read by each shell alike', () => {
    const machine = tree('shells').rapl('intel-rapl:0', 'package-0', 5e6, 100e6).card('card0', 'i915', 4e6);
    for (const shell of [['dash'], ['bash'], ['busybox', 'sh']] as const)
      assert.equal(machine.told(ENERGY_SCRIPT, shell), machine.told(ENERGY_SCRIPT), shell.join(' '));
  });
});
