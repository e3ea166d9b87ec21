import { isPrintableLine, jsonText } from '../words/printable.ts';
import { FIGURE_WORDS, MOST_NAMES, NAME_WORDS, isTellableFigure, isTellableName } from '../words/told.ts';
import { type Reading, WorkloadFailure } from './workload.ts';

/** For one run of a program. A million would take most of the harness's memory, for each sample. */
const MOST_READINGS = 10_000;
/** Readings × names: as a table, which may be sparse. */
const MOST_FIGURES = 100_000;
const LONGEST_CHECKSUM = 128;

/**
 * Readings that can be journaled, summed and shown. @throws WorkloadFailure if a guest reported something
 * that can't.
 */
export function bounded(readings: Reading[]): Reading[] {
  requireFewReadings(readings.length);
  const names = {
    ...{ metrics: new Set<string>(), phases: new Set<string>() },
    ...{ crossings: new Set<string>(), hypercalls: new Set<string>() },
  };
  for (const { metrics, phases, crossings, hypercalls = {}, operations, checksum, clockShare } of readings) {
    if (checksum !== undefined && !isChecksum(checksum))
      throw new WorkloadFailure(
        `expected a checksum of 1 to ${LONGEST_CHECKSUM} printable characters, found ${quoted(checksum)} (${checksum.length} characters)`,
      );
    if (clockShare !== undefined && !(clockShare >= 0 && clockShare <= 1))
      throw new WorkloadFailure(`expected a clockShare from 0 to 1, found ${clockShare}`);
    if (operations !== undefined && !(operations > 0 && isTellableFigure(operations)))
      throw new WorkloadFailure(
        `expected a number of operations above zero, ${FIGURE_WORDS}, found ${operations}`,
      );
    for (const { name, value } of metrics) tell('metrics', name, value);
    for (const what of ['phases', 'crossings', 'hypercalls'] as const)
      for (const [name, value] of Object.entries({ phases, crossings, hypercalls }[what]))
        tell(what, name, value);
  }
  const columns = Object.values(names).reduce((sum, { size }) => sum + size, 0);
  if (readings.length * columns > MOST_FIGURES)
    throw new WorkloadFailure(
      `expected at most ${MOST_FIGURES} figures in a run, found ${columns} names in ${readings.length} readings: have the program summarise them`,
    );
  return readings;

  function tell(what: keyof typeof names, name: string, value: number): void {
    if (!names[what].has(name)) {
      if (!isTellableName(name))
        throw new WorkloadFailure(
          `expected names of ${what} of ${NAME_WORDS}, found ${quoted(name)} (${name.length} characters)`,
        );
      names[what].add(name);
      if (names[what].size > MOST_NAMES)
        throw new WorkloadFailure(`expected at most ${MOST_NAMES} names of ${what} in a run, found more`);
    }
    if (!isTellableFigure(value))
      throw new WorkloadFailure(`${quoted(name)} of ${what}: expected ${FIGURE_WORDS}, found ${value}`);
  }
}

/** @throws WorkloadFailure; parsers check before they store that many. */
export function requireFewReadings(count: number): void {
  if (count > MOST_READINGS)
    throw new WorkloadFailure(
      `expected at most ${MOST_READINGS} readings in a run, found more: have the program summarise them`,
    );
}

function isChecksum(text: string): boolean {
  return text !== '' && text.length <= LONGEST_CHECKSUM && isPrintableLine(text);
}

/** A short excerpt of hostile text. */
export function quoted(value: unknown): string {
  if (typeof value === 'string') return jsonText(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object';
  return String(value);
}
