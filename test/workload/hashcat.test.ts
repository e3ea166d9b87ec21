/** What hashcat's own benchmark prints, and what of it is no figure. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HashcatSpec } from '../../src/workload/hashcat/kind.ts';
import { hashcatWorkload } from '../../src/workload/hashcat/program.ts';
import { fixture } from '../support/fixture.ts';
import { metricsOf, reasonOf, valuesOf } from '../support/output.ts';

const hashcat = (over: Partial<HashcatSpec> = {}) =>
  hashcatWorkload({ use: 'hashcat', hash: 0, path: 'hashcat', ...over });

describe('hashcat', () => {
  it('gives the speed that a real benchmark printed', () => {
    assert.deepEqual(metricsOf(hashcat(), fixture('hashcat/6.2.6-pocl.txt')), [
      { name: 'speed', unit: 'H/s', better: 'higher', value: 307312210 },
    ]);
  });

  it('gives a metric for each of several devices', () => {
    assert.deepEqual(valuesOf(hashcat(), '1:0:1:1:7.62:100\n2:0:1:1:7.62:200\n'), {
      'speed.device-1': 100,
      'speed.device-2': 200,
    });
  });

  it('is a failure without a figure, or with one of zero', () => {
    assert.match(reasonOf(hashcat(), '# version: v6.2.6\n'), /found no such line/);
    assert.match(reasonOf(hashcat(), '1:0:1:1:7.62:0\n'), /^speed: expected a number above zero, found 0$/);
  });

  it('needs no clock, which it may not know', () => {
    for (const clock of ['-1', '4294967295', '0'])
      assert.deepEqual(valuesOf(hashcat(), `1:0:${clock}:${clock}:7.62:100\r\n`), { speed: 100 }, clock);
  });

  it('is a failure where a device is there twice, or the hash mode is another', () => {
    assert.equal(
      reasonOf(hashcat(), '1:0:1:1:7.62:100\n1:0:1:1:7.60:101\n'),
      'expected one line of hashcat’s per device, found two of device 1: does something else write to its output?',
    );
    assert.equal(
      reasonOf(hashcat({ hash: 1400 }), '1:0:1:1:7.62:100\n'),
      'expected hashcat’s benchmark of hash mode 1400, found one of 0',
    );
  });

  it('is a failure where a speed is beyond what a number holds, or below zero', () => {
    assert.deepEqual(valuesOf(hashcat(), `1:0:1:1:7.62:${2 ** 53 - 1}\n`), { speed: 2 ** 53 - 1 });
    for (const speed of ['9007199254740992', '18446744073709551615'])
      assert.equal(
        reasonOf(hashcat(), `1:0:1:1:7.62:${speed}\n`),
        `expected a speed below 2^53 H/s of device 1, found ${speed}`,
      );
    assert.match(reasonOf(hashcat(), '1:0:1:1:7.62:-5\n'), /^speed: expected a number above zero, found -5$/);
  });

  it('is run as its own benchmark of one hash mode', () => {
    assert.equal(hashcat().command(), 'hashcat -b -m 0 --machine-readable');
    assert.equal(
      hashcat({ hash: 1400, runtime: 5 }).command(),
      'hashcat -b -m 1400 --machine-readable --runtime 5',
    );
  });
});
