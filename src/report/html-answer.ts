/** The top of the page: each mode's figure, reasons for caution, and the effect of its options. */
import { percentage } from '../chart/spec.ts';
import { lookOf } from '../chart/palette.ts';
import { hasSeveralBaselines } from '../compare/baselines.ts';
import type { Results } from '../compare/results.ts';
import { intervalWords } from '../words/interval.ts';
import { type AnswerRow, answerRows, limits, pairAnswers, type Share, shareWords } from './answer.ts';
import { type BarScale, barScale } from './bar-scale.ts';
import { type Html, html } from './html-text.ts';
import { rangeWords } from './modelled.ts';

/** Units of the bars' drawing, which is as wide as its column. */
const WIDTH = 300;
const HEIGHT = 30;

/** The number of workloads whose crossings are shown in a row; the table of crossings has all. */
const MOST_CROSSES = 2;

export function answer(results: Results): Html {
  const rows = answerRows(results);
  if (rows.length === 0) return html``;
  const several = hasSeveralBaselines(results);
  const pairs = pairAnswers(results);
  // Results measured on hardware need no model.
  const isLab = results.versions['lab'] !== undefined;
  const modelled = isLab && rows.some((row) => row.modelled !== undefined);
  const scale = barScale(rows.flatMap((row) => sharesOf(row, modelled)));
  const crosses = rows.some((row) => row.crosses.length > 0);
  return html`<section id="answer" aria-label="Answer">
    <table class="answer">
      <caption>
        Performance relative to ${several ? 'each mode’s baseline' : (rows[0]?.baseline ?? '')}; further right
        is better. Scale: ${scale.words}.
        ${modelled ? 'Modelled for hardware from the counted crossings. The smaller figure was measured in emulated time and does not describe hardware.' : ''}
      </caption>
      <thead>
        <tr>
          <th scope="col">Mode</th>
          <th scope="col">${modelled ? 'On hardware, modelled' : 'Performance'}</th>
          <th scope="col"><span class="unseen">Bar</span></th>
          ${crosses ? html`<th scope="col">Crosses</th>` : ''}
          <th scope="col">Verdicts</th>
          <th scope="col">Attested</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map((row) => answerRow(row, results, { scale, several, modelled, crosses }))}
      </tbody>
    </table>
    ${
      pairs.length === 0
        ? ''
        : html`<ul class="pairs">
            ${pairs.map((line) => html`<li>${line}</li>`)}
          </ul>`
    }
    ${limitsLine(results)}
  </section>`;
}

interface Columns {
  scale: BarScale;
  several: boolean;
  modelled: boolean;
  crosses: boolean;
}

function answerRow(row: AnswerRow, results: Results, { scale, several, modelled, crosses }: Columns): Html {
  const { held, of } = row.attested;
  const colour = lookOf(Object.keys(results.specification.modes).indexOf(row.mode)).colour;
  const shown = row.crosses.slice(0, MOST_CROSSES);
  const more = row.crosses.length - shown.length;
  return html`<tr>
    <th scope="row">${row.mode}${several ? html`<small>of ${row.baseline}</small>` : ''}</th>
    <td class="figure">${figures(row, modelled)}</td>
    <td class="bar">${bar(row, scale, colour, modelled)}</td>
    ${
      crosses
        ? html`<td class="crosses">
            ${shown.length === 0 ? 'nothing' : shown.map((words) => html`<div>${words}</div>`)}
            ${more > 0 ? html`<div><a href="#crossings">${more} more</a></div>` : ''}
          </td>`
        : ''
    }
    <td>${row.verdicts}</td>
    <td>${of === 0 ? 'no evidence' : `${held === of ? '✓' : '✗'} ${held} of ${of}`}</td>
  </tr>`;
}

/** The large figure, and its interval or measured value under it. */
function figures({ measured, modelled }: AnswerRow, isModelled: boolean): Html {
  if (!isModelled) {
    if (measured === undefined) return large('no pair', '');
    const { value, low, high } = measured;
    return large(percentage(value), intervalWords(low, high, percentage, 'no interval'));
  }
  const emulated = measured === undefined ? 'no pair' : shareWords(measured);
  if (modelled === undefined) return large('not modelled', `measured ${emulated}`);
  return large(rangeWords(modelled), `measured ${emulated}`);
}

function large(words: string, under: string): Html {
  return html`<strong>${words}</strong>${under === '' ? '' : html`<small>${under}</small>`}`;
}

function sharesOf({ measured, modelled }: AnswerRow, isModelled: boolean): number[] {
  const shown = isModelled
    ? [modelled?.low, modelled?.high]
    : [measured?.value, measured?.low, measured?.high];
  return shown.filter((share) => typeof share === 'number');
}

/**
 * Drawn as SVG, so that it works without a script: a bar with whiskers, or a range, and a line at the
 * baseline.
 */
function bar(row: AnswerRow, { at, logarithmic }: BarScale, colour: string, isModelled: boolean): Html {
  const x = (share: number) => WIDTH * at(share);
  const { measured, modelled } = row;
  return html`<svg
    viewBox="0 0 ${WIDTH} ${HEIGHT}"
    preserveAspectRatio="none"
    role="img"
    aria-label="${barLabel(row, isModelled)}"
  >
    <line class="one" x1="${x(1).toFixed(1)}" x2="${x(1).toFixed(1)}" y1="0" y2="${HEIGHT}" />
    ${
      isModelled
        ? modelled === undefined
          ? ''
          : rectangle(x(modelled.low), x(modelled.high), colour)
        : measured === undefined
          ? ''
          : html`${rectangle(logarithmic ? 0 : x(0), x(measured.value), colour)} ${whiskers(measured, x)}`
    }
  </svg>`;
}

/** At least wide enough to be visible. */
function rectangle(from: number, to: number, colour: string): Html {
  const width = Math.max(2, to - from);
  return html`<rect
    x="${(to - width).toFixed(1)}"
    y="${HEIGHT / 5}"
    width="${width.toFixed(1)}"
    height="${(3 * HEIGHT) / 5}"
    fill="${colour}"
  />`;
}

function whiskers({ low, high }: Share, x: (share: number) => number): Html {
  if (low === null || high === null) return html``;
  const [left, right] = [x(low).toFixed(1), x(high).toFixed(1)];
  const [top, middle, bottom] = [0.3 * HEIGHT, 0.5 * HEIGHT, 0.7 * HEIGHT];
  return html`<path
    class="whisker"
    d="M${left} ${top}V${bottom}M${left} ${middle}H${right}M${right} ${top}V${bottom}"
  />`;
}

function barLabel({ measured, modelled }: AnswerRow, isModelled: boolean): string {
  if (isModelled) return modelled === undefined ? 'not modelled' : `modelled ${rangeWords(modelled)}`;
  return measured === undefined ? 'no figure' : shareWords(measured);
}

function limitsLine(results: Results): Html {
  const told = limits(results);
  return told.length === 0
    ? html``
    : html`<p class="limits">Read these first: <a href="#belief">${told.join(', ')}</a>.</p>`;
}
