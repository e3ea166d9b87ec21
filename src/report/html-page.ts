import { createHash } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { jsonText } from '../words/printable.ts';
import { type Html, escapeHtml } from './html-text.ts';
import type { PageData } from './page-data.ts';
import { pageScript } from './page-script.ts';
import { STYLE } from './style.ts';

/**
 * One self-contained page. Its content security policy allows its script and its style by their hashes and
 * nothing else, so that text from a guest can never run or load anything.
 * @param report What is shown until a cell is opened.
 * @param data The data for the page's program.
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

/** The encoding that src/page/unpacked.ts reads. */
function packed(data: PageData): string {
  return deflateRawSync(jsonText(data), { level: 9 }).toString('base64');
}

function hash(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
