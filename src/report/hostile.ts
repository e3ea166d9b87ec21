/**
 * Everything that a guest printed is hostile text. This makes it printable: control characters, which move a
 * terminal's cursor or change its title, and direction overrides, which reorder what is read, become visible
 * signs. So do the two that no XML may hold. Line feeds and tabs stay. What a format itself needs escaped is that format's business.
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x20
      ? String.fromCharCode(0x2400 + code)
      : `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
  });
}

const UNPRINTABLE =
  // eslint-disable-next-line no-control-regex -- control characters are what it is about
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/g;

/** The same on one line, of at most `length` characters. */
export function oneLine(text: string, length = 300): string {
  const line = printable(text).replace(/\s+/g, ' ').trim();
  return line.length > length ? `${line.slice(0, length - 1)}…` : line;
}
