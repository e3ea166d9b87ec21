const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

/** A reader of XML 1.0 without comments, CDATA and the like, that refuses what is not well-formed. */
export function parseXml(text: string): { elements: string[]; texts: string[] } {
  if (/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u.test(text))
    throw new SyntaxError('a character that XML may not hold');
  const elements: string[] = [];
  const texts: string[] = [];
  const open: string[] = [];
  const token = /<\?xml [^?]*\?>|<\/([\w-]+)>|<([\w-]+)((?: [\w-]+="[^"<]*")*)(\/?)>|([^<]+)/y;
  while (token.lastIndex < text.length) {
    const at = token.lastIndex;
    const match = token.exec(text);
    if (match === null) throw new SyntaxError(`not XML: ${text.slice(at, at + 80)}`);
    const [, closed, opened, attributes = '', empty, plain] = match;
    if (closed !== undefined && open.pop() !== closed) throw new SyntaxError(`</${closed}> closes nothing`);
    if (opened !== undefined) {
      elements.push(opened);
      texts.push(...[...attributes.matchAll(/="([^"]*)"/g)].map(([, value = '']) => value).map(attribute));
      if (empty === '') open.push(opened);
    }
    if (plain !== undefined) texts.push(decoded(plain));
  }
  if (open.length > 0) throw new SyntaxError(`<${open.join('> <')}> not closed`);
  return { elements, texts };
}

/** White space in an attribute is read as spaces. */
function attribute(value: string): string {
  return decoded(value.replace(/[\t\n\r]/g, ' '));
}

function decoded(text: string): string {
  return text.replace(/&([^;\s]*);?/g, (whole, name: string) => {
    const found = ENTITIES[name];
    if (found === undefined || !whole.endsWith(';')) throw new SyntaxError(`no such entity: ${whole}`);
    return found;
  });
}
