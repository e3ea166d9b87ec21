/**
 * What front-end and back-end of PVDRM exchange, by the rules of the original (CPFL/pvdrm, libdrm's nouveau, Gdev), as a
 * state machine that knows nothing of the lab's C. Memory is counted in pages of 4 KiB.
 */

const PAGE = 4096;
/** Pages that a fault of a GART object brings at most. */
const FAULT_PAGES = 512;
/** Gdev maps what lies in VRAM when it is made, up to this size; its bounce buffers; and its fences. */
const MAPPED_MAX = 4 * 2 ** 20;
const BOUNCE_BYTES = 2 * 2 ** 20;

interface Entity {
  readonly gart: boolean;
  readonly pages: number;
  /** MMAP told where its pages are. */
  placed: boolean;
  /** It has a global name. */
  global: boolean;
  /** Mapped in the guest. */
  readonly present: boolean[];
}

interface Program {
  readonly objects: Map<string, Entity>;
  /** Fences first, then bounce buffers. */
  readonly own: Entity[];
}

const pagesIn = (bytes: number) => Math.ceil(bytes / PAGE);

export class PvdrmModel {
  /** Objects that were freed and kept, smallest first; of equals the one that was freed last. */
  readonly #pool: Entity[] = [];
  readonly #programs = new Map<string, Program>();
  readonly #cache: boolean;

  constructor(cache: boolean) {
    this.#cache = cache;
  }

  /**
   * @param words An action: `PROGRAM open`, `PROGRAM new OBJECT BYTES vram|gart`, `PROGRAM map|touch|free OBJECT [PAGE]`,
   * `PROGRAM close`, or `gone`, once the guest is.
   * @returns what must cross for it, in order: operations, `+PAGES` and `-PAGES` for hypercalls by which dom0 maps and unmaps,
   * `g+PAGES` and `g-PAGES` for the guest's, of pages that were granted to it.
   */
  act([name = '', action = '', object = '', ...rest]: readonly string[]): string[] {
    if (name === 'gone') return this.#pool.flatMap(ended);
    if (action === 'open') return this.#open(name);
    const program = this.#programs.get(name);
    if (program === undefined) throw new Error(`program ${name} is not open`);
    if (action === 'close') return this.#close(name, program);
    if (action === 'new') {
      const [made, crossed] = this.#new(Number(rest[0]), rest[1] === 'gart');
      program.objects.set(object, made);
      return crossed;
    }
    const one = program.objects.get(object);
    if (one === undefined) throw new Error(`object ${object} is not there`);
    if (action === 'map') return map(one);
    if (action === 'touch') return touch(one, Number(rest[0]));
    program.objects.delete(object);
    return this.#free(one);
  }

  #open(name: string): string[] {
    const program: Program = { objects: new Map(), own: [] };
    this.#programs.set(name, program);
    const crossed = ['fileOpen', 'getparam', 'channelAlloc'];
    for (const bytes of [PAGE, BOUNCE_BYTES, BOUNCE_BYTES]) {
      const [made, making] = this.#new(bytes, true);
      crossed.push(...making, ...map(made), ...(bytes === PAGE ? touch(made, 0) : []));
      program.own.push(made);
    }
    return crossed;
  }

  #close(name: string, { own: [fences, ...bounces] }: Program): string[] {
    this.#programs.delete(name);
    const freed = [...bounces, fences as Entity].flatMap((one) => this.#free(one));
    return [...freed, 'channelFree', 'fileClose'];
  }

  #new(bytes: number, gart: boolean): [Entity, string[]] {
    const pages = pagesIn(bytes);
    const at = gart && this.#cache ? this.#pool.findIndex((one) => one.pages >= pages) : -1;
    const [pooled] = at < 0 ? [] : this.#pool.splice(at, 1);
    if (pooled !== undefined) return [pooled, ['fromGlobal', 'gemInfo']];
    const made = {
      ...{ gart, pages, placed: false, global: false },
      present: Array.from({ length: pages }, () => false),
    };
    return [made, ['gemNew', ...(gart || bytes > MAPPED_MAX ? [] : map(made))]];
  }

  #free(one: Entity): string[] {
    if (!one.gart) return ['gemClose', ...unmapped(one)];
    if (!this.#cache) return [...ended(one), 'gemClose'];
    const named = one.global ? [] : ['toGlobal'];
    one.global = true;
    const at = this.#pool.findIndex(({ pages }) => pages >= one.pages);
    this.#pool.splice(at < 0 ? this.#pool.length : at, 0, one);
    return [...named, 'gemClose'];
  }
}

/** Each time, the CPU asks whether it may have the object. */
function map(one: Entity): string[] {
  const crossed = one.placed ? ['cpuPrep'] : ['mmap', 'cpuPrep'];
  one.placed = true;
  return crossed;
}

/** A page of VRAM comes alone, one of GART with its neighbours. */
function touch(one: Entity, page: number): string[] {
  if (one.present[page] === true) return [];
  const from = one.gart ? page - (page % FAULT_PAGES) : page;
  const to = one.gart ? Math.min(from + FAULT_PAGES, one.pages) : page + 1;
  one.present.fill(true, from, to);
  return ['fault', `${one.gart ? 'g' : ''}+${to - from}`];
}

/** What the guest has mapped itself it unmaps itself, before the object is closed, in calls like those that mapped it. */
function ended({ present }: Entity): string[] {
  const calls: string[] = [];
  for (let from = 0; from < present.length; from += FAULT_PAGES)
    if (present[from] === true) calls.push(`g-${Math.min(FAULT_PAGES, present.length - from)}`);
  return calls;
}

/** A hypercall for each run of pages that the guest has. */
function unmapped({ present }: Entity): string[] {
  const runs: string[] = [];
  for (let from = 0; from < present.length; from++) {
    if (present[from] !== true) continue;
    const gap = present.indexOf(false, from);
    const to = gap < 0 ? present.length : gap;
    runs.push(`-${to - from}`);
    from = to;
  }
  return runs;
}
