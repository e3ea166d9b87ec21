import { type Document, type Node, isAlias, isMap, isNode, isPair, isScalar, isSeq, visit } from 'yaml';

export type Path = readonly PropertyKey[];

/** Converts an offset in the file's text to a line and a column, both from 1. */
export type Locate = (offset: number) => { line: number; column: number };

/** A step on the path down: the offset of its key, and the node it leads to. */
interface Step {
  key: number | undefined;
  node: Node | undefined;
}

/** A path for messages: list entries by number, counted from 1 as lines are. */
export function dotted(path: Path): string {
  return path.map((part) => String(typeof part === 'number' ? part + 1 : part)).join('.');
}

/** Offset of the node at `path`, or of its nearest existing ancestor; of the key itself if requested. */
export function offsetOf(document: Document, path: Path, key = false): number {
  const steps = walk(document, path);
  const last = steps.at(-1);
  if (last === undefined) return 0;
  const value = last.node?.range?.[0];
  if (steps.length === path.length && !key) return value ?? last.key ?? 0;
  // One target where a list of them is allowed: the step into the list stays in place.
  const alone = typeof path[steps.length] === 'number' && isScalar(last.node);
  return (alone ? value : undefined) ?? last.key ?? value ?? 0;
}

/** The plain value at `path`. */
export function valueAt(document: Document, path: Path): unknown {
  const steps = walk(document, path);
  return steps.length === path.length ? steps.at(-1)?.node?.toJS(document) : undefined;
}

/** Offset of the first alias without an anchor before it. */
export function offsetOfBadAlias(document: Document): number {
  let found = 0;
  const anchors = new Set<string | undefined>();
  visit(document, {
    Value: (_, { anchor }) => {
      anchors.add(anchor);
    },
    Alias: (_, { source, range }) => {
      if (anchors.has(source)) return undefined;
      found = range?.[0] ?? 0;
      return visit.BREAK;
    },
  });
  return found;
}

/** The steps of `path` that exist in the file. YAML's keys may be numbers; ours are always text. */
function walk(document: Document, path: Path): Step[] {
  const steps: Step[] = [];
  let node: unknown = document.contents;
  for (const name of path) {
    const step = stepInto(isAlias(node) ? node.resolve(document) : node, name);
    if (step === undefined) break;
    steps.push(step);
    node = step.node;
  }
  return steps;
}

function stepInto(node: unknown, name: PropertyKey): Step | undefined {
  if (isSeq(node)) {
    const item = typeof name === 'number' ? node.items[name] : undefined;
    return isNode(item) ? { key: undefined, node: item } : undefined;
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find(
    (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === name,
  );
  if (pair === undefined) return undefined;
  return {
    key: isNode(pair.key) ? pair.key.range?.[0] : undefined,
    node: isNode(pair.value) ? pair.value : undefined,
  };
}
