import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseExperiment } from '../../src/experiment/load.ts';
import { experimentText } from '../support/experiment-text.ts';
import { problemOf } from '../support/problem.ts';
import { mistakesIn, mode } from './refused.ts';

describe('an experiment file with several mistakes', () => {
  it('has them told in the order of the file, with their number', () => {
    const text = experimentText('baseline: native', 'baselin: native').replace('use: clpeak', 'use: x');
    const { message, details } = problemOf(() => parseExperiment(`${text}zzz: 1\n`, 'f.yaml'));
    assert.equal(message, '3 mistakes in f.yaml; nothing was changed');
    assert.deepEqual(
      details?.map((detail) => detail.split(':')[1]),
      ['2', '10', '12'],
    );
  });

  it('never shows more than a line of what was found', () => {
    const [mistake = ''] = mistakesIn(experimentText('ssh: gpu-host', `ssh: [${'x, '.repeat(500)}x]`));
    assert.ok(mistake.length < 200 && mistake.includes('...'), mistake);
  });

  it('has a reserved key told where an alias stands for it', () => {
    const [mistake = ''] = mistakesIn(mode('environment: { A: &name __proto__, *name : c }'));
    assert.match(mistake, /^8:70 KEY .*__proto__/);
  });
});
