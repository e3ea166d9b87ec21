import { WorkloadFailure } from '../workload.ts';
import { quoted, requireFewReadings } from '../bounded.ts';

/** White space other than line breaks. */
const BLANK = '[^\\S\\n\\r\\v\\f\\u2028\\u2029]';
/** Spaces that group digits, as in `1 234` in some languages. */
const JOINING = '\\u00a0\\u2007\\u2009\\u202f';
/**
 * Several groups, or one followed by a fraction, can't be a decimal comma; nor does a grouped number begin
 * with 0.
 */
const GROUPED = '[1-9]\\d{0,2}(?:,\\d{3}){1,15}(?!\\d|,\\d)';
const PLAIN = '\\d{1,60}';
/** What may directly follow a number without being part of it. */
const CLOSED = `%?(?:$|(?![${JOINING}]\\d)\\s|[)\\]}>"”|;]|<\\/|,(?!\\d)|[.:!?'’]{1,4}(?=$|[\\s)\\]}>"”|;]))`;
/** A number that begins within a line, for a pattern without text before it. */
const OPENED = `(?<![^\\s(\\[{>"'“‘|;=:])(?<![^\\s(\\[{>|;=]')(?<![^\\sA-Za-z]:)(?<!\\d[${JOINING}])(?=[-+.\\dni])`;

/**
 * Every number in the place of the pattern's {value}, each read to the end of its token.
 *
 * White space in the pattern matches any within a line, or across lines if it has a line break. No part of an
 * expression can match the same text in two ways, and each looks at a bounded piece of it, so no output takes
 * long to search.
 *
 * @param thousands the thousands separator; without it, a single group, such as 1,234, is rejected as
 * ambiguous
 * @throws WorkloadFailure if there is none, or if only the beginning of what is found is a number
 */
export function numbersAt(pattern: string, text: string, thousands?: ','): number[] {
  const [before = '', after = ''] = pattern.trim().split('{value}');
  const start =
    before === ''
      ? new RegExp(OPENED, 'gi')
      : new RegExp(literal(before) + (/\s$/.test(before) ? '' : `${BLANK}*`), 'g');
  const read = reader(pattern, after, thousands);
  const found: number[] = [];
  let instead: string | undefined;
  for (let place = start.exec(text); place !== null; place = start.exec(text)) {
    const from = place.index + place[0].length;
    const number = read(text, from);
    start.lastIndex = number?.end ?? Math.max(from, place.index + 1);
    if (number === undefined) instead ??= text.slice(from, from + 40);
    else found.push(number.value);
    requireFewReadings(found.length);
  }
  if (found.length > 0) return found;
  throw new WorkloadFailure(
    `expected output that matches ${JSON.stringify(pattern)}, found ${before === '' || instead === undefined ? 'no such line' : `${quoted(instead)} after ${JSON.stringify(before.trim())}`}`,
  );
}

/** Reads the number at a position; undefined if there is none or the pattern continues differently. */
function reader(pattern: string, after: string, thousands: ',' | undefined) {
  // If the pattern has a comma after the number, commas separate columns.
  const whole = after.startsWith(',') && thousands === undefined ? PLAIN : `${GROUPED}|${PLAIN}`;
  const number = new RegExp(
    `[-+]?(?:(?:(?:${whole})(?:\\.\\d{1,60})?|\\.\\d{1,60})(?:e[-+]?\\d{1,10})?|(?:nan|inf(?:inity)?)(?![\\p{L}\\p{N}_]))`,
    'iyu',
  );
  const rest = new RegExp(
    after === '' ? CLOSED : literal(after) + (/^\S*[\p{L}\p{N}_]$/u.test(after) ? '(?![\\p{L}\\p{N}_])' : ''),
    'yu',
  );
  const [closing = ''] = after.trim().split(/\s/, 1);

  return (text: string, from: number): { value: number; end: number } | undefined => {
    const token = at(number, text, from);
    if (token === undefined) return undefined;
    const end = from + token.length;
    const matched = at(rest, text, end);
    const word = at(WORD, text, from) ?? token;
    if (matched === undefined) {
      const goesOn = word.length > token.length && at(ENDED, text, end) === undefined;
      const there = /^\s/.test(after)
        ? at(rest, text, from + word.length) !== undefined
        : word.slice(token.length).includes(closing);
      if (goesOn && there) throw refused(pattern, word, token);
      return undefined;
    }
    const glued = /(?:\d[.,'’]?|\d[ed][-+]?)$/i.exec(text.slice(Math.max(0, from - 3), from));
    if (glued !== null) throw refused(pattern, glued[0] + word, token);
    if (thousands === undefined && /^[^,.]*,[^,.]*$/.test(token))
      throw new WorkloadFailure(
        `expected a number where ${JSON.stringify(pattern)} has {value}, found ${quoted(token)}: its comma may be a decimal comma; if it separates thousands, set thousands: ','`,
      );
    return { value: valueOf(token), end: end + matched.length };
  };
}

const ENDED = new RegExp(CLOSED, 'yu');
const WORD = new RegExp(`(?:\\S|[${JOINING}](?=\\d)){1,80}`, 'y');

function refused(pattern: string, word: string, token: string): WorkloadFailure {
  const [before = ''] = pattern.trim().split('{value}');
  const unit = /^[\p{L}\p{S}/]+/u.exec(word.slice(token.length))?.[0];
  const next =
    unit === undefined || !word.startsWith(token)
      ? 'print it like 1234.5, or include the surrounding text in the pattern'
      : `if that is its unit, include it in the pattern, as in ${JSON.stringify(`${before}{value}${unit}`)}`;
  return new WorkloadFailure(
    `expected a number where ${JSON.stringify(pattern)} has {value}, found ${quoted(word)}: ${next}`,
  );
}

function valueOf(token: string): number {
  return Number(token.replaceAll(',', '').replace(/^([-+]?)inf.*/i, '$1Infinity'));
}

/** What a sticky expression matches at a position. */
function at(expression: RegExp, text: string, from: number): string | undefined {
  expression.lastIndex = from;
  return expression.exec(text)?.[0];
}

/** The expression for a piece of a pattern, with its characters taken literally. */
function literal(part: string): string {
  return part
    .replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
    .replace(/\s+/g, (white) => (/[\n\r]/.test(white) ? '\\s+' : `${BLANK}+`));
}
