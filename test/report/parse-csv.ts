/** A reader of RFC 4180, and of nothing more lenient. */
export function parseCsv(text: string): string[][] {
  if (!text.endsWith('\r\n')) throw new SyntaxError('the last line has no CR LF');
  const rows: string[][] = [[]];
  const field = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/y;
  while (field.lastIndex < text.length) {
    const at = field.lastIndex;
    const [, raw = '', end] = field.exec(text) ?? [];
    if (end === undefined)
      throw new SyntaxError(`no field at ${at}: ${JSON.stringify(text.slice(at, at + 40))}`);
    rows.at(-1)?.push(raw.startsWith('"') ? raw.slice(1, -1).replaceAll('""', '"') : raw);
    if (end === '\r\n') rows.push([]);
  }
  return rows.slice(0, -1);
}
