import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { stackedBars } from '../../src/chart/stacked.ts';

interface Config {
  data: { datasets: { backgroundColor: string }[] };
}

describe('stacked bars', () => {
  it('have nothing of a part that a mode lacks, whatever its name', () => {
    const bars = stackedBars({
      ...{
        id: 'x',
        workload: 'w',
        title: '',
        caption: '',
        axis: '',
        sentence: '',
        column: (part: string) => part,
      },
      byMode: new Map<string, Record<string, number>>([
        ['native', {}],
        ['slow', { constructor: 2 }],
      ]),
    });
    assert.deepEqual(bars.table.rows, [
      ['native', '0'],
      ['slow', '2'],
    ]);
  });

  it('have the six largest of many parts, and the others as one', () => {
    const sizes = Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`part ${at}`, at + 1]));
    const bars = stackedBars({
      ...{ id: 'x', workload: 'w', title: '', caption: '', axis: '', sentence: '' },
      column: (part) => part,
      byMode: new Map([['native', sizes]]),
    });
    assert.deepEqual(bars.table, {
      head: ['mode', ...[3, 4, 5, 6, 7, 8].map((at) => `part ${at}`), 'other (3)'],
      rows: [['native', ...['4', '5', '6', '7', '8', '9'], '6']],
    });
    const colours = (bars.config as Config).data.datasets.map((one) => one.backgroundColor);
    assert.equal(new Set(colours).size, 7);
  });
});
