import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { chartsOf } from '../../src/chart/charts.ts';
import { partsOf, sentenceOf } from '../../src/page/sentence.ts';
import { madeResults } from '../report/made-run.ts';

describe('what a chart says of a part that is pointed at', () => {
  it('has three telling digits, whatever the figures have', () => {
    const parts = { series: 'pvdrm', value: 12.475, low: 10.513304130656024, high: 14.802832851081979 };
    assert.equal(
      sentenceOf('{series}: {value}% of native (interval {low}% to {high}%).', parts),
      'pvdrm: 12.5% of native (interval 10.5% to 14.8%).',
    );
  });

  it('takes names as they are, and reads no braces in them', () => {
    assert.equal(sentenceOf('{series} is {value}', { series: '{value}', value: 2 }), '{value} is 2');
    assert.equal(sentenceOf('{label} and {missing}', { label: '\u00a0\u00a0pvdrm' }), 'pvdrm and none');
  });

  it('finds the value along the axis of its bars, with the ends of its interval', () => {
    const dataset = { label: 'pvdrm' };
    const bar = { label: 'pvdrm', dataset, parsed: { x: 34, y: 2 }, raw: { x: 34, xMin: 33, xMax: 35 } };
    const { value, low, high, series } = partsOf(bar, 'x');
    assert.deepEqual([value, low, high, series], [34, 33, 35, 'pvdrm']);
    const point = { label: '', dataset, parsed: { x: 3.2, y: 7 }, raw: { x: 3.2, y: 7 } };
    assert.deepEqual([partsOf(point, 'y')['block'], partsOf(point, 'y')['value']], ['3', 7]);
  });

  it('names in every chart only what that chart’s parts have', () => {
    const known = new Set([
      'series',
      'label',
      'block',
      'x',
      'y',
      'value',
      'low',
      'high',
      'q1',
      'median',
      'q3',
    ]);
    const charts = chartsOf(madeResults);
    assert.ok(charts.length > 5);
    for (const { id, sentence } of charts) {
      const names = [...sentence.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
      assert.ok(names.length > 1, id);
      assert.deepEqual(
        names.filter((name) => !known.has(name)),
        [],
        id,
      );
    }
  });
});
