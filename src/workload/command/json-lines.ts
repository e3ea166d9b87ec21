import { type Reading, WorkloadFailure, WrongResult } from '../workload.ts';
import { quoted, requireFewReadings } from '../bounded.ts';
import { jsonLinesOf, parsedJson } from '../lines.ts';

/** What a JSON line reports; nothing else of it is kept. */
export interface JsonReading extends Pick<
  Reading,
  'phases' | 'crossings' | 'hypercalls' | 'checksum' | 'clockShare'
> {
  /** By field. */
  values: Map<string, number>;
}

/**
 * One reading per JSON line.
 * @param fields where numbers are expected; a.b reaches inside
 * @throws WorkloadFailure if there is no line, or one is malformed or lacks a number
 */
export function jsonReadings(fields: readonly string[], text: string): JsonReading[] {
  const found: JsonReading[] = [];
  for (const line of jsonLinesOf(text)) {
    const value = parsedJson(line);
    if (typeof value !== 'object' || value === null)
      throw new WorkloadFailure(`expected one JSON object per line, found ${quoted(line)}`);
    requireFewReadings(found.length + 1);
    found.push({
      values: new Map(fields.map((field) => [field, numberIn(value, field)])),
      phases: numbersOf(value, 'phases'),
      crossings: numbersOf(value, 'crossings'),
      ...hypercallsOf(value),
      ...checksumOf(value),
      ...clockShareOf(value),
    });
  }
  if (found.length === 0) throw new WorkloadFailure('expected JSON lines, found none');
  return found;
}

/** @throws WrongResult if a JSON line reports one, whatever the exit status. */
export function requireRight(stdout: string): void {
  for (const line of jsonLinesOf(stdout)) {
    if (!line.includes('"check"')) continue;
    const check = reach(parsedJson(line), 'check');
    if (check === undefined || check === 'ok' || check === true) continue;
    if (typeof check !== 'string')
      throw new WrongResult(`expected a check of "ok" in its JSON line, found ${quoted(check)}`);
    throw new WrongResult(
      check.trim().slice(0, 300) || 'the program reports a wrong result without a reason',
    );
  }
}

function numberIn(line: object, field: string): number {
  const value = reach(line, field);
  if (typeof value === 'number') return value;
  throw new WorkloadFailure(
    `expected a number in the field ${field}, found ${value === undefined ? 'no such field' : quoted(value)}`,
  );
}

/** @throws WorkloadFailure for a number that JavaScript rounds: different numbers may then be equal here. */
function checksumOf(line: object): { checksum?: string } {
  const value = reach(line, 'checksum');
  if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value))
    throw new WorkloadFailure(
      `expected a checksum as text, or a number below 2^53, found about ${value}: print it in quotes`,
    );
  return typeof value === 'string' || typeof value === 'number' ? { checksum: String(value) } : {};
}

function hypercallsOf(line: object): { hypercalls?: Record<string, number> } {
  const hypercalls = numbersOf(line, 'hypercalls');
  return Object.keys(hypercalls).length === 0 ? {} : { hypercalls };
}

function clockShareOf(line: object): { clockShare?: number } {
  const value = reach(line, 'clockShare');
  return typeof value === 'number' ? { clockShare: value } : {};
}

/** Own fields only: a list's `length` was not printed. */
function reach(line: unknown, field: string): unknown {
  return field
    .split('.')
    .reduce<unknown>(
      (value, key) =>
        value !== null && typeof value === 'object' && Object.prototype.propertyIsEnumerable.call(value, key)
          ? (value as Record<string, unknown>)[key]
          : undefined,
      line,
    );
}

/**
 * The numbers of the object in `field`, if there is one: the form in which programs report phases and
 * crossings.
 */
function numbersOf(line: unknown, field: string): Record<string, number> {
  const value = reach(line, field);
  if (value === null || typeof value !== 'object') return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  );
}
