import type { Results } from '../compare/results.ts';
import { type Html, html, table } from './html-text.ts';
import { isolationMatrix, verdictWords } from './isolation.ts';

/** The results of the isolation probes; nothing without probes. */
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
      Programs that attempt what a guest must not be able to do; they should be refused. Modes that give the
      whole GPU to one guest have no other guests to protect, so what they allow is by design.
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
      </details>
    </p>`;
}
