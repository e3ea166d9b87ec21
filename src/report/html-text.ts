import { printable } from '../words/printable.ts';

/** Text that is already HTML. Only `html` creates it. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Part = Html | string | number | readonly Part[];

/** A template whose interpolations are escaped, unless they are Html themselves. */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Html {
  return new Html(
    strings
      .map((text, index) => unindented(text) + (index < parts.length ? render(parts[index] ?? '') : ''))
      .join(''),
  );
}

/** Indentation would be a third of a page with many rows. */
function unindented(text: string): string {
  return text.replace(/\n\s+/g, '\n');
}

function render(part: Part): string {
  if (part instanceof Html) return part.text;
  if (typeof part === 'object') return part.map(render).join('');
  return escapeHtml(String(part));
}

/** For text and quoted attributes, in HTML and XML. */
export function escapeHtml(text: string): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return printable(text).replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

/** A table that scrolls sideways on its own on a narrow page. */
export function table(head: readonly string[], rows: readonly Html[]): Html {
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          ${head.map((name) => html`<th scope="col">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

/** A row of text. */
export function plainRow(fields: readonly string[]): Html {
  return html`<tr>
    ${fields.map((value) => html`<td>${value}</td>`)}
  </tr>`;
}
