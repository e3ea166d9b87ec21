/** The clocks of a lab's machines, which every figure is read from. */

export interface Clock {
  /** The kernel's name of its clocksource. */
  source: string;
  /** The time to read it, in ns. */
  readingNs: number;
}

/** By alias. */
export type Clocks = Record<string, Clock>;

/** Read by the program itself; any other clock is a device register, or a call to Xen. */
const GOOD = ['tsc', 'kvm-clock'];

/**
 * The machines that have a whole box to themselves but use a slower clock: `lab-bare tells time by hpet,
 * ...`.
 */
export function badClocks(clocks: Clocks): string[] {
  return ['lab-bare', 'lab-dom0'].flatMap((alias) => {
    const clock = clocks[alias];
    return clock === undefined || GOOD.includes(clock.source)
      ? []
      : [`${alias} uses the clock ${clockText(clock)}`];
  });
}

/** `hpet, 1866 ns a reading` */
export function clockText({ source, readingNs }: Clock): string {
  return `${source}, ${readingNs} ns a reading`;
}

/** @param words As reported by a machine: its clocksource, and ns. */
export function clockOf(words: string): Clock {
  const [source = '', readingNs = ''] = words.trim().split(' ');
  return { source, readingNs: Number(readingNs) };
}
