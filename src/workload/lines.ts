import { WorkloadFailure } from './workload.ts';

/**
 * Far more than a program prints per line. Parsing JSON of this length takes a fraction of the memory for
 * output; more could take a gigabyte.
 */
const LONGEST_JSON = 1024 ** 2;

/** The lines of a text, one after the other: an array of them takes many times the memory of the text. */
export function* linesOf(text: string): Generator<string> {
  for (let from = 0; from <= text.length;) {
    const newline = text.indexOf('\n', from);
    const end = newline < 0 ? text.length : newline;
    yield text.slice(from, end);
    from = end + 1;
  }
}

/** The lines that begin like a JSON object. @throws WorkloadFailure if one is longer than any program's. */
export function* jsonLinesOf(text: string): Generator<string> {
  for (const raw of linesOf(text)) {
    // A byte order mark is white space here, but not in JSON.
    const line = raw.trimStart();
    if (!line.startsWith('{')) continue;
    requireJsonLength(line);
    yield line;
  }
}

/** @throws WorkloadFailure */
export function requireJsonLength(text: string): void {
  if (text.length > LONGEST_JSON)
    throw new WorkloadFailure(
      `expected at most ${LONGEST_JSON} characters of JSON in one piece, found ${text.length}`,
    );
}

/** A text as JSON; undefined if it is not JSON. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
