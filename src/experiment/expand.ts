/**
 * What an experiment file writes once for several: a mode that extends another, a workload that sweeps over
 * values.
 */
import { oneOf } from '../words/nearest.ts';
import { type Path, dotted } from './position.ts';

/** Something that can't be expanded. */
export interface Unexpandable {
  path: Path;
  message: string;
  expected: string;
  found: string;
  next?: string | undefined;
}

export interface Expanded {
  /** The experiment with everything expanded. */
  value: unknown;
  /** The place in the file from which the value at a path of `value` came. */
  source: (path: Path) => Path;
  flaws: Unexpandable[];
}

type Entry = Readonly<Record<string, unknown>>;

/** A limit on all sweeps together, beyond which they make no sense: each workload is a row of the report. */
const MOST = 1000;
/** A limit on modes that extend one another, more than anybody needs. */
const MOST_ABOVE = 20;
/** The placeholder of a pattern for its figure. */
const TAKEN = 'value';
const VARIABLE = /^[A-Za-z][A-Za-z0-9_-]{0,30}$/;

/** @param value the whole file, as parsed from YAML */
export function expand(value: unknown): Expanded {
  if (!isEntry(value)) return { value, source: (path) => path, flaws: [] };
  const modes = extended(value['modes']);
  const workloads = swept(value['workloads']);
  return {
    value: {
      ...value,
      ...(modes === undefined ? {} : { modes: modes.value }),
      ...(workloads === undefined ? {} : { workloads: workloads.value }),
    },
    source: ([first, second, ...rest]) => {
      if (first === 'modes' && typeof second === 'string' && modes !== undefined)
        return [first, modes.owner(second, rest[0]), ...rest];
      if (first === 'workloads' && typeof second === 'number' && workloads !== undefined)
        return [first, workloads.origins[second] ?? second, ...rest];
      return [first, second, ...rest].filter((part) => part !== undefined);
    },
    flaws: [...(modes?.flaws ?? []), ...(workloads?.flaws ?? [])],
  };
}

/** Each mode, with the keys of the mode it extends where it has none of its own. */
function extended(modes: unknown) {
  if (!isEntry(modes)) return undefined;
  const flaws: Unexpandable[] = [];
  const base = (name: string) => {
    const own = modes[name];
    return isEntry(own) && typeof own['extends'] === 'string' ? own['extends'] : undefined;
  };
  const written = (name: string, above: readonly string[]): unknown => {
    const own = Object.hasOwn(modes, name) ? modes[name] : undefined;
    if (!isEntry(own) || own['extends'] === undefined) return own;
    const { extends: other, ...rest } = own;
    const path = ['modes', name, 'extends'];
    const said = typeof other === 'string' ? other : JSON.stringify(other);
    const others = Object.keys(modes).filter((one) => one !== name);
    if (typeof other !== 'string' || !Object.hasOwn(modes, other)) {
      const { expected, next } = oneOf(said, others);
      const message = `modes.${name}.extends names no mode of this file`;
      if (above.length === 0)
        flaws.push({ path, message, expected: `a mode: ${expected}`, found: said, next });
      return rest;
    }
    if (above.length >= MOST_ABOVE) {
      const message = `modes.${name} extends too long a chain of modes`;
      const expected = `at most ${MOST_ABOVE}`;
      flaws.push({ path, message, expected, found: 'a longer chain' });
      return rest;
    }
    if (other === name || above.includes(other)) {
      const message = `modes.${name} extends itself`;
      flaws.push({
        path,
        message,
        expected: 'another mode',
        found: [...above, name, other].join(' extends '),
      });
      return rest;
    }
    const inherited = written(other, [...above, name]);
    return { ...(isEntry(inherited) ? inherited : {}), ...rest };
  };
  const value = Object.fromEntries(Object.keys(modes).map((name) => [name, written(name, [])]));
  const owner = (name: string, key: PropertyKey | undefined): string => {
    const seen = new Set<string>();
    for (let one: string | undefined = name; one !== undefined && !seen.has(one); one = base(one)) {
      seen.add(one);
      const own = modes[one];
      if (key === undefined || !isEntry(own) || Object.hasOwn(own, key)) return one;
    }
    return name;
  };
  return { value, owner, flaws };
}

/** Each workload once per combination of its sweep's values; the last key varies fastest. */
function swept(workloads: unknown) {
  if (!Array.isArray(workloads)) return undefined;
  const flaws: Unexpandable[] = [];
  const origins: number[] = [];
  let left = MOST;
  const value = (workloads as unknown[]).flatMap((workload, index): unknown[] => {
    if (!isEntry(workload) || workload['sweep'] === undefined) {
      origins.push(index);
      return [workload];
    }
    const all = sweepOf(workload, index, left, flaws);
    left -= all.length;
    origins.push(...all.map(() => index));
    return all;
  });
  return { value, origins, flaws };
}

/** @param left How many workloads it may still expand to. */
function sweepOf({ sweep, ...rest }: Entry, index: number, left: number, flaws: Unexpandable[]): unknown[] {
  const path = ['workloads', index, 'sweep'];
  const flaw = (expected: string, found: unknown, ...key: string[]) => {
    const message = `${dotted(path)} can’t be swept`;
    flaws.push({ path: [...path, ...key], message, expected, found: JSON.stringify(found) });
    return [];
  };
  if (!isEntry(sweep) || Object.keys(sweep).length === 0)
    return flaw('a map of names to lists of values, such as { size: [256, 1024] }', sweep);
  const plain = JSON.stringify(rest);
  let all: Entry[] = [{}];
  for (const [name, values] of Object.entries(sweep)) {
    if (!VARIABLE.test(name) || name === TAKEN)
      return flaw(`a name of letters, digits, dash or underscore, but not ${TAKEN}`, name, name);
    if (!isListOfWords(values)) return flaw('a list of distinct numbers or texts', values, name);
    if (!plain.includes(`{${name}}`))
      return flaw(`{${name}} somewhere in the workload, as a placeholder for the value`, rest, name);
    const many = all.length * values.length;
    if (many > left) return flaw(`at most ${MOST} workloads from sweeps`, many);
    all = all.flatMap((some) => values.map((one) => ({ ...some, [name]: one })));
  }
  const own = rest['name'] ?? rest['use'];
  return all.map((some) => {
    const named = String(filled(own, some));
    const name = named === own ? `${named}-${Object.values(some).join('-')}` : named;
    return { ...(filled(rest, some) as Entry), name };
  });
}

/**
 * Replaces each {NAME} by its value; a text that consists of a placeholder alone becomes the value itself.
 */
function filled(value: unknown, values: Entry): unknown {
  if (typeof value === 'string') {
    const whole = /^\{([^{}]+)\}$/.exec(value)?.[1];
    if (whole !== undefined && Object.hasOwn(values, whole)) return values[whole];
    return value.replaceAll(/\{([^{}]+)\}/g, (text, name: string) =>
      Object.hasOwn(values, name) ? String(values[name]) : text,
    );
  }
  if (Array.isArray(value)) return value.map((one: unknown) => filled(one, values));
  if (!isEntry(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, filled(one, values)]));
}

function isListOfWords(values: unknown): values is (string | number)[] {
  if (!Array.isArray(values) || values.length === 0 || new Set(values.map(String)).size < values.length)
    return false;
  return values.every((one) => typeof one === 'string' || typeof one === 'number');
}

function isEntry(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
