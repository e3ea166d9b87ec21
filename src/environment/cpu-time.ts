/** The first line of /proc/stat, read by the shell itself, because it is read around every trial. */
export const CPU_TIME_SCRIPT = '{ l=; read -r l </proc/stat; echo "$l"; } 2>/dev/null';

/** The unit of /proc/stat: hundredths of a second, whatever the kernel's own tick (Linux’s USER_HZ). */
const TICKS_PER_S = 100;

/**
 * CPU time that a machine itself has spent since boot, in s, over all of its CPUs: in programs, the kernel
 * and interrupts, without the time of guests (KVM’s, which Linux also counts under user and nice). Under Xen
 * a domain only knows its own time. Undefined if the kernel does not report it. Source: proc(5), /proc/stat.
 */
export function parseCpuTime(text: string): number | undefined {
  const [name, ...fields] = text.trim().split(/\s+/);
  const ticks = fields.map(Number);
  if (name !== 'cpu' || ticks.length < 8 || !ticks.every(Number.isFinite)) return undefined;
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, , guest = 0, guestNice = 0] = ticks;
  return Math.max(0, user + nice + system + irq + softirq - guest - guestNice) / TICKS_PER_S;
}
