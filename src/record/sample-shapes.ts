import { isDeepStrictEqual } from 'node:util';
import type { Event } from './event.ts';

/** Shapes that are kept: workloads and modes of a run have one or two each. */
const MOST_SHAPES = 32;
/** A shape that fewer lines have is not worth its learning. */
const WORTH_READS = 8;
/** An expression has at most 65,535 groups, and to make a long one takes longer than to parse many such lines. */
const LONGEST_LINE = 32 * 1024;
/** None that is beyond what a number can hold. */
const NUMBER = String.raw`(-?\d{1,200}(?:\.\d+)?(?:e[-+]?\d{1,2})?)`;
/** Without escapes, so that what stands in the line is the text itself. */
const TEXT = '"([^"\\\\]*)"';

interface Shape {
  skeleton: string;
  pattern: RegExp;
  make: Make;
}

/**
 * Reads sample lines by an earlier line of the same shape. Lines of a run's samples differ in their times, their
 * trials and their numbers alone, and a run may have a million: to parse and check each as JSON takes about three times
 * as long as to find those in the text. Only lines that `JSON.stringify` wrote like the one that was learnt are read;
 * any other is for the JSON parser.
 */
export class SampleShapes {
  /** The one that was met last comes first. */
  #shapes: Shape[] = [];
  #learnt = 0;
  #read = 0;

  /** Undefined for a line of no shape that was learnt. */
  read(line: string): Event | undefined {
    for (const shape of this.#shapes) {
      const found = shape.pattern.exec(line);
      if (found === null) continue;
      if (shape !== this.#shapes[0]) this.#shapes = [shape, ...this.#shapes.filter((one) => one !== shape)];
      this.#read++;
      return shape.make(found) as Event;
    }
    return undefined;
  }

  /**
   * @param event what was made of the line
   * @param value the same before it was checked, its keys in the line's order
   */
  learn(line: string, value: unknown, event: Event): void {
    if (event.type !== 'sample' || line.length > LONGEST_LINE) return;
    // Lines with a text of their own, such as a checksum, each have their own shape, which takes longer than to parse.
    if (this.#learnt > MOST_SHAPES && this.#read < WORTH_READS * this.#learnt) {
      this.#shapes = [];
      return;
    }
    const skeleton = skeletonOf(value);
    if (this.#shapes.some((shape) => shape.skeleton === skeleton)) return;
    this.#learnt++;
    const pattern = new RegExp(`^${skeleton}$`);
    if (!pattern.test(line) || !isDeepStrictEqual(value, event)) return;
    // The first part that is found is the whole line.
    const make = makerOf(value, '', { at: 1 });
    this.#shapes = [{ skeleton, pattern, make }, ...this.#shapes].slice(0, MOST_SHAPES);
  }
}

/** The text of a regular expression that matches the lines of a shape, with a group for each part that varies. */
function skeletonOf(sample: unknown): string {
  return JSON.stringify(sample, (key, value: unknown) => {
    const varies = variesAs(value, key);
    return varies === undefined ? value : varies === 'number' ? '\u0000' : '\u0001';
  })
    .replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll(String.raw`"\\u0000"`, NUMBER)
    .replaceAll(String.raw`"\\u0001"`, TEXT);
}

/** Makes an event's value, or a part of it, from the parts of a line that vary, in the order of its keys. */
type Make = (parts: readonly string[]) => unknown;

/** @param next the place of the next part, which is counted up */
function makerOf(value: unknown, key: string, next: { at: number }): Make {
  const varies = variesAs(value, key);
  if (varies !== undefined) {
    const at = next.at++;
    return varies === 'number' ? (parts) => Number(parts[at]) : (parts) => parts[at];
  }
  if (typeof value !== 'object' || value === null) return () => value;
  const before = next.at;
  const makers = Object.entries(value).map(([name, part]) => [name, makerOf(part, name, next)] as const);
  // What is the same in all lines is kept once.
  if (next.at === before) return () => value;
  if (Array.isArray(value)) return (parts) => makers.map(([, make]) => make(parts));
  return (parts) => {
    const made: Record<string, unknown> = {};
    for (const [name, make] of makers) made[name] = make(parts);
    return made;
  };
}

function variesAs(value: unknown, key: string): 'number' | 'text' | undefined {
  if (typeof value === 'number') return key === 'v' ? undefined : 'number';
  return key === 'wall' || key === 'trial' ? 'text' : undefined;
}
