import { isDeepStrictEqual } from 'node:util';
import type { Event } from './event.ts';

/** The maximum number of shapes: workloads and modes of a run have one or two each. */
const MOST_SHAPES = 32;
/** A shape with fewer lines is not worth learning. */
const WORTH_READS = 8;
/**
 * An expression has at most 65,535 groups, and building a long one takes longer than parsing many such lines.
 */
const LONGEST_LINE = 32 * 1024;
/** Only numbers that a double can hold. */
const NUMBER = String.raw`(-?\d{1,200}(?:\.\d+)?(?:e[-+]?\d{1,2})?)`;
/** Without escapes, so that the characters in the line are the text itself. */
const TEXT = '"([^"\\\\]*)"';

interface Shape {
  skeleton: string;
  pattern: RegExp;
  make: Make;
}

/**
 * Reads sample lines using an earlier line of the same shape. Sample lines of a run only differ in their
 * times, their trials and their numbers, and a run may have a million: parsing and checking each as JSON
 * takes about three times as long as extracting those from the text. Only lines that `JSON.stringify` wrote
 * like the learnt one are read; any other goes to the JSON parser.
 */
export class SampleShapes {
  /** The most recently used first. */
  #shapes: Shape[] = [];
  #learnt = 0;
  #read = 0;

  /** Undefined for a line of an unknown shape. */
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
   * @param event the event parsed from the line
   * @param value the same before it was checked, its keys in the line's order
   */
  learn(line: string, value: unknown, event: Event): void {
    if (event.type !== 'sample' || line.length > LONGEST_LINE) return;
    // Lines with a text of their own, such as a checksum, each have their own shape, which takes longer than
    // parsing.
    if (this.#learnt > MOST_SHAPES && this.#read < WORTH_READS * this.#learnt) {
      this.#shapes = [];
      return;
    }
    const skeleton = skeletonOf(value);
    if (this.#shapes.some((shape) => shape.skeleton === skeleton)) return;
    this.#learnt++;
    const pattern = new RegExp(`^${skeleton}$`);
    if (!pattern.test(line) || !isDeepStrictEqual(value, event)) return;
    // The first part found is the whole line.
    const make = makerOf(value, '', { at: 1 });
    this.#shapes = [{ skeleton, pattern, make }, ...this.#shapes].slice(0, MOST_SHAPES);
  }
}

/** The text of a regular expression that matches the lines of a shape, with a group for each varying part. */
function skeletonOf(sample: unknown): string {
  return JSON.stringify(sample, (key, value: unknown) => {
    const varies = variesAs(value, key);
    return varies === undefined ? value : varies === 'number' ? '\u0000' : '\u0001';
  })
    .replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll(String.raw`"\\u0000"`, NUMBER)
    .replaceAll(String.raw`"\\u0001"`, TEXT);
}

/** Builds an event's value, or a part of it, from the varying parts of a line, in the order of its keys. */
type Make = (parts: readonly string[]) => unknown;

/** @param next the index of the next part, which is incremented */
function makerOf(value: unknown, key: string, next: { at: number }): Make {
  const varies = variesAs(value, key);
  if (varies !== undefined) {
    const at = next.at++;
    return varies === 'number' ? (parts) => Number(parts[at]) : (parts) => parts[at];
  }
  if (typeof value !== 'object' || value === null) return () => value;
  const before = next.at;
  const makers = Object.entries(value).map(([name, part]) => [name, makerOf(part, name, next)] as const);
  // Whatever is the same in all lines is stored once.
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
