/** Guests that QEMU runs from a disk of one sector, and cleanup of QEMUs that a test has started. */
import { processesWith, until } from './processes.ts';

/** Registers of a PC's chipset, where SeaBIOS has put them. Source: ACPI 6.5, 4.8.3. */
const PM1 = { status: 0x600, enable: 0x602, control: 0x604 };
/** Source: QEMU's docs/specs/pvpanic.rst. */
const PVPANIC = 0x505;
const SERIAL = 0x3f8;

const le16 = (value: number) => [value & 0xff, value >> 8];
/** mov dx, port; mov ax, value; out dx, ax (or al). */
const out16 = (port: number, value: number) => [0xba, ...le16(port), 0xb8, ...le16(value), 0xef];
const out8 = (port: number, value: number) => [0xba, ...le16(port), 0xb0, value, 0xee];

/** What a guest does once it has written `up` to its first serial port. */
const THEN = {
  /** Turns itself off when its power button is pressed, which it checks with each tick of the timer. */
  'heeds its power button': [
    ...out16(PM1.enable, 0x100),
    ...[0xba, ...le16(PM1.status)], // mov dx, status
    ...[0xfb, 0xf4], // sti; hlt
    ...[0xed, 0xf6, 0xc4, 0x01, 0x74, 0xf7], // in ax, dx; test ah, 1; jz to the sti
    ...out16(PM1.control, 0x2000),
  ],
  'ignores its power button': [],
  /** Suspends to RAM. */
  sleeps: out16(PM1.control, 0x2400),
  panics: out8(PVPANIC, 1),
} as const;

/** A disk that a PC of QEMU boots, of 512 bytes. */
export function bootable(then: keyof typeof THEN): Buffer {
  const sector = Buffer.alloc(512);
  const up = [...Buffer.from('up\n')].flatMap((byte) => out8(SERIAL, byte));
  // At last: sti; hlt; jmp to the sti.
  sector.set([...up, ...THEN[then], ...[0xfb, 0xf4, 0xeb, 0xfc]]);
  sector.set([0x55, 0xaa], 510);
  return sector;
}

/**
 * Ends the processes with a folder's path in their command lines, such as QEMUs; they are gone afterwards.
 */
export async function endThoseOf(folder: string): Promise<void> {
  for (const pid of processesWith(folder))
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  await until('their end', () => processesWith(folder).length === 0);
}
