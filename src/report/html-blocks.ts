/** What happened block by block, and to the trials without a figure. */
import { modesOf } from '../chart/palette.ts';
import type { Results } from '../compare/results.ts';
import { toldOnce } from '../words/told-once.ts';
import { type BlockStory, blockStories } from './blocks.ts';
import { type Html, html, plainRow, table } from './html-text.ts';

/** With more blocks than this, uneventful ones are left out. */
const MOST_ROWS = 50;

/** Evidence as a grid of modes by block, with whatever else happened. */
export function blocks(results: Results): Html {
  const stories = blockStories(results);
  if (stories.length === 0) return html``;
  const shown = stories.length > MOST_ROWS ? stories.filter(isEventful) : stories;
  const modes = modesOf(results).filter((mode) => stories.some(({ attested }) => attested.has(mode)));
  const quiet = stories.length - shown.length;
  return html`<h3 id="blocks">Block by block</h3>
    <p class="lead">
      For each mode, how often its evidence held out of the times it was checked; trials without a figure; and
      incidents.
      ${quiet === 0 ? '' : `${quiet} uneventful blocks, in which all evidence held, are not shown.`}
    </p>
    ${table(
      ['Block', ...modes, 'Trials without a figure', 'Incidents'],
      shown.map(
        (story) =>
          html`<tr>
            <th scope="row">${story.block}</th>
            ${modes.map((mode) => evidence(story.attested.get(mode)))}
            <td>${story.lost.map(({ trial, outcome }) => html`<div>${trial}: ${outcome.kind}</div>`)}</td>
            <td>
              ${toldOnce(story.incidents).map(
                ({ text, times }) => html`<div>${text}${times > 1 ? ` (${times} times)` : ''}</div>`,
              )}
            </td>
          </tr>`,
      ),
    )}`;
}

function isEventful({ attested, lost, incidents }: BlockStory): boolean {
  return lost.length > 0 || incidents.length > 0 || [...attested.values()].some(({ held, of }) => held < of);
}

function evidence(found: { held: number; of: number } | undefined): Html {
  if (found === undefined) return html`<td></td>`;
  const { held, of } = found;
  return html`<td class="number">${held === of ? '✓' : '✗'} ${held} of ${of}</td>`;
}

/** Each trial that gave no figure, and why. */
export function lost({ unsuccessful }: Results): Html {
  if (unsuccessful.length === 0) return html``;
  return html`<h3 id="lost">Trials without a figure</h3>
    ${table(
      ['Trial', 'Mode', 'Workload', 'Outcome', 'Why'],
      unsuccessful.map(({ trial, mode, workload, outcome }) =>
        plainRow([trial, mode, workload, outcome.kind, 'reason' in outcome ? outcome.reason : '']),
      ),
    )}`;
}
