import type { Results } from '../compare/results.ts';
import { type Html, html, table } from './html-text.ts';
import { isolationMatrix, verdictWords } from './isolation.ts';

/** What the isolation probes came to; nothing without probes. */
export function isolation(results: Results): Html {
  if (results.isolation.length === 0) return html``;
  const { head, rows } = isolationMatrix(results);
  const evidence = results.isolation.map(
    (one) =>
      html`<tr>
        <td>${one.mode}</td>
        <td>${one.probe}</td>
        <td class="verdict ${one.breach ? 'slower' : ''}">${verdictWords(one)}</td>
        <td>${one.attested ? 'yes' : 'no'}</td>
        <td>${one.evidence}</td>
      </tr>`,
  );
  return html`<h3>Isolation</h3>
    <p class="lead">
      Programs that try what a guest must not be able to do. Refused is as it should be. A mode that gives the
      whole GPU to whoever runs in it has nobody to keep apart: what it allows is by design.
    </p>
    ${table(
      head,
      rows.map(
        (row) =>
          html`<tr>
            ${row.map((text) => html`<td class="${text.startsWith('✗') ? 'slower' : ''}">${text}</td>`)}
          </tr>`,
      ),
    )}
    <details>
      <summary>What each probe saw</summary>
      ${table(['Mode', 'Probe', 'Verdict', 'Attested', 'Evidence'], evidence)}
    </details>`;
}
