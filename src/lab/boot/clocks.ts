/** What a lab's machines tell time by: every figure is made of readings of it. */

export interface Clock {
  /** The kernel's name of its clocksource. */
  source: string;
  /** What a reading costs, in ns. */
  readingNs: number;
}

/** By alias. */
export type Clocks = Record<string, Clock>;

/** Read by the program itself; any other is a device's register, or a call of Xen's. */
const GOOD = ['tsc', 'kvm-clock'];

/** The machines that have a whole box to themselves could do better: `lab-bare tells time by hpet, ...`. */
export function badClocks(clocks: Clocks): string[] {
  return ['lab-bare', 'lab-dom0'].flatMap((alias) => {
    const clock = clocks[alias];
    return clock === undefined || GOOD.includes(clock.source)
      ? []
      : [`${alias} tells time by ${clockText(clock)}`];
  });
}

/** `hpet, 1866 ns a reading` */
export function clockText({ source, readingNs }: Clock): string {
  return `${source}, ${readingNs} ns a reading`;
}

/** @param words As a machine says them: its clocksource, and ns. */
export function clockOf(words: string): Clock {
  const [source = '', readingNs = ''] = words.trim().split(' ');
  return { source, readingNs: Number(readingNs) };
}
