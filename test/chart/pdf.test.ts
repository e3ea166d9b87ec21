/** A chart as a PDF, for a paper. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { chartsOf } from '../../src/chart/charts.ts';
import { renderPdf } from '../../src/chart/render.ts';
import { madeResults } from '../report/made-run.ts';
import { pagesIn, pdfText } from '../support/pdf.ts';

/** One of each kind. */
const charts = [
  ...new Map(chartsOf(madeResults).map((chart) => [chart.id.replace(/-\d+$/, ''), chart])).values(),
];

describe('a chart as a PDF', () => {
  it('of every kind is one page whose text is text, from its title to its last label', async () => {
    assert.deepEqual(
      charts.map(({ id }) => id.replace(/-\d+$/, '')),
      ['relative', 'overhead', 'crossings', 'distribution', 'series'],
    );
    for (const { title, config, ...chart } of charts) {
      const pdf = renderPdf({ title, config, ...chart });
      assert.equal(pagesIn(pdf), 1, title);
      const text = await pdfText(pdf);
      const labels = (config.data.labels ?? []) as string[];
      for (const label of [title, labels[0] ?? '', labels.at(-1) ?? ''])
        assert.ok(text.includes(label.replace(/\s+/g, ' ').trim()), `${label} in: ${text}`);
    }
  });

  it('is the same bytes again, with no date in it', () => {
    for (const chart of charts) {
      const pdf = renderPdf(chart);
      assert.doesNotMatch(pdf.toString('latin1'), /CreationDate|ModDate/, chart.id);
      assert.ok(renderPdf(chart).equals(pdf), chart.id);
    }
  });

  it('has no link and no script, whatever its texts are', () => {
    for (const chart of charts) {
      const pdf = renderPdf({ ...chart, title: '(http://evil.example) /JavaScript' }).toString('latin1');
      assert.doesNotMatch(pdf, /\/URI|\/S\s*\/JavaScript|\/OpenAction/, chart.id);
    }
  });
});
