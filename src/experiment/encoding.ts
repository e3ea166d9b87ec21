import { isUtf8 } from 'node:buffer';

/** Why a file's bytes are not the text we read, and how to convert them. */
interface Unread {
  found: string;
  next: string;
}

/** Undefined if they are UTF-8, with or without a byte order mark. */
export function notUtf8(bytes: Buffer, file: string): Unread | undefined {
  const wide = wideEncoding(bytes);
  if (wide !== undefined)
    return {
      found: 'text in UTF-16',
      next: `save it as UTF-8, or run: iconv -f ${wide} -t UTF-8 ${file} > NEW-FILE`,
    };
  if (isUtf8(bytes)) return undefined;
  const line = bytes.toString('utf8').split('\ufffd')[0]?.split('\n').length ?? 1;
  return {
    found: `bytes that are not UTF-8, from line ${line} on`,
    next: `save it as UTF-8, or, if it is in Latin 1, run: iconv -f ISO-8859-1 -t UTF-8 ${file} > NEW-FILE`,
  };
}

/**
 * The name iconv has for it. Without a mark it is detected from its first character, which in an experiment
 * file is ASCII.
 */
function wideEncoding([first, second]: Buffer): string | undefined {
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return 'UTF-16';
  if (first === 0 && second !== 0) return 'UTF-16BE';
  return first !== 0 && second === 0 ? 'UTF-16LE' : undefined;
}
