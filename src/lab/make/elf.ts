/** The shared libraries that an x86-64 program names (DT_NEEDED), read from its bytes. */

const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const DT_NULL = 0n;
const DT_NEEDED = 1n;
const DT_STRTAB = 5n;

interface Segment {
  type: number;
  offset: number;
  address: number;
  size: number;
}

function segments(elf: Buffer): Segment[] {
  const table = Number(elf.readBigUInt64LE(32));
  const entrySize = elf.readUInt16LE(54);
  const count = elf.readUInt16LE(56);
  return Array.from({ length: count }, (_, index) => {
    const at = table + index * entrySize;
    return {
      type: elf.readUInt32LE(at),
      offset: Number(elf.readBigUInt64LE(at + 8)),
      address: Number(elf.readBigUInt64LE(at + 16)),
      size: Number(elf.readBigUInt64LE(at + 32)),
    };
  });
}

function dynamicEntries(elf: Buffer, { offset, size }: Segment): [bigint, number][] {
  const entries: [bigint, number][] = [];
  for (let at = offset; at < offset + size; at += 16) {
    const tag = elf.readBigUInt64LE(at);
    if (tag === DT_NULL) break;
    entries.push([tag, Number(elf.readBigUInt64LE(at + 8))]);
  }
  return entries;
}

/** Returns [] for anything but a dynamic x86-64 program. */
export function neededLibraries(elf: Buffer): string[] {
  if (elf.length < 64 || elf.toString('latin1', 0, 4) !== '\x7fELF') return [];
  const all = segments(elf);
  const dynamic = all.find((segment) => segment.type === PT_DYNAMIC);
  if (dynamic === undefined) return [];
  const entries = dynamicEntries(elf, dynamic);
  const names = entries.find(([tag]) => tag === DT_STRTAB)?.[1];
  const home = all.find(
    (s) => s.type === PT_LOAD && names !== undefined && names >= s.address && names < s.address + s.size,
  );
  if (names === undefined || home === undefined) return [];
  const start = names - home.address + home.offset;
  return entries
    .filter(([tag]) => tag === DT_NEEDED)
    .map(([, at]) => elf.toString('latin1', start + at, elf.indexOf(0, start + at)));
}
