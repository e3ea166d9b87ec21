/**
 * Control characters, which move a terminal's cursor or change its title; direction overrides, which reorder
 * text; characters invalid in XML; and halves of a character. Line feeds and tabs are allowed.
 */
const UNPRINTABLE =
  // eslint-disable-next-line no-control-regex -- they are what it is about
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Hostile text with each such character made visible. Escaping for a format is up to that format. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : `<U+${hex(code)}>`;
  });
}

/** The same on one line of at most `length` characters. */
export function oneLine(text: string, length = 300): string {
  const line = printable(text).replace(/\s+/g, ' ').trim();
  return line.length > length ? `${line.slice(0, length - 1)}…` : line;
}

/** Whether a text is one line without such characters. */
export function isPrintableLine(text: string): boolean {
  return !/[\n\t\u2028\u2029]/.test(text) && text.search(UNPRINTABLE) < 0;
}

/**
 * A value as JSON with such characters escaped: safe on terminals and pages, and parses to the same value.
 */
export function jsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(
    UNPRINTABLE,
    (character) => `\\u${hex(character.charCodeAt(0)).toLowerCase()}`,
  );
}

function hex(code: number): string {
  return code.toString(16).toUpperCase().padStart(4, '0');
}
