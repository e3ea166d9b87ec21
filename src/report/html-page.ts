import { createHash } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { jsonText } from '../words/printable.ts';
import { type Html, escapeHtml } from './html-text.ts';
import type { PageData } from './page-data.ts';
import { pageScript } from './page-script.ts';
import { STYLE } from './style.ts';

/**
 * One page that needs nothing but itself. Its content security policy names the hash of its script and of its style and
 * allows nothing else, so that no text of a guest can ever run or load anything.
 * @param report What is shown until a cell is opened.
 * @param data What the page's program is given.
 */
export function pageOf(title: string, report: Html, data: PageData): string {
  const script = pageScript();
  const policy = [
    "default-src 'none'",
    `script-src ${hash(script)}`,
    `style-src ${hash(STYLE)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
${report.text}
<main id="cell" hidden></main>
<script type="text/plain" id="data">${packed(data)}</script>
<script>${script}</script>
</body>
</html>
`;
}

/** As src/page/unpacked.ts reads it. */
function packed(data: PageData): string {
  return deflateRawSync(jsonText(data), { level: 9 }).toString('base64');
}

function hash(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
