import { type Answer, done, failed } from './answer.ts';

/** Xen's store: a tree of values, whose changes are watched. */
export class Xenstore {
  readonly #values = new Map<string, string>();
  readonly #watches: ((path: string) => void)[] = [];

  /** @param seen hears the path of each value that is written or removed. */
  watch(seen: (path: string) => void): void {
    this.#watches.push(seen);
  }

  read(path: string): string | undefined {
    return this.#values.get(path);
  }

  write(path: string, value: string): void {
    this.#values.set(path, value);
    this.#tell(path);
  }

  /** A path with all below it. */
  remove(path: string): boolean {
    const gone = this.#below(path);
    for (const one of gone) this.#values.delete(one);
    for (const one of gone) this.#tell(one);
    return gone.length > 0;
  }

  has(path: string): boolean {
    return this.#below(path).length > 0;
  }

  /** The names right below a path. */
  list(path: string): string[] {
    const depth = path.length + 1;
    return [...new Set(this.#below(path).map((one) => one.slice(depth).split('/')[0] ?? ''))].filter(
      (name) => name !== '',
    );
  }

  /** All of it, a line a value, in order. */
  toString(): string {
    return [...this.#values]
      .map(([path, value]) => `${path} = ${value}`)
      .sort()
      .join('\n');
  }

  #below(path: string): string[] {
    return [...this.#values.keys()].filter((one) => one === path || one.startsWith(`${path}/`));
  }

  /** As watches are: told after the fact, one after the other. */
  #tell(path: string): void {
    for (const seen of this.#watches) setImmediate(seen, path);
  }
}

/** xenstore-read and its like. */
export function answerXenstore(store: Xenstore, command: string, args: readonly string[]): Answer {
  const [path = '', value] = args;
  switch (command) {
    case 'xenstore-read': {
      const found = store.read(path);
      return found === undefined ? failed(`xenstore-read: couldn't read path ${path}`) : done(`${found}\n`);
    }
    case 'xenstore-write':
      store.write(path, value ?? '');
      return done();
    case 'xenstore-rm':
      return store.remove(path) ? done() : failed(`xenstore-rm: could not remove path ${path}`);
    case 'xenstore-list':
      return store.has(path)
        ? done(
            store
              .list(path)
              .map((name) => `${name}\n`)
              .join(''),
          )
        : failed(`xenstore-list: could not list path ${path}`);
    case 'xenstore-chmod':
      return store.has(path) ? done() : failed(`Error occurred setting permissions on '${path}'`);
    default:
      return failed(`${command}: command not found`, 127);
  }
}
