/** An initramfs: a cpio archive in the "newc" format (Documentation/driver-api/early-userspace/buffer-format). */

export type Entry =
  | { path: string; kind: 'folder' }
  | { path: string; kind: 'link'; to: string }
  | { path: string; kind: 'file'; content: Uint8Array; executable: boolean };

export function executable(path: string, content: Uint8Array): Entry {
  return { path, kind: 'file', content, executable: true };
}

export function text(path: string, content: string): Entry {
  return { path, kind: 'file', content: Buffer.from(content), executable: false };
}

const MODES = { folder: 0o040755, link: 0o120777, executable: 0o100755, plain: 0o100600 };

function modeOf(entry: Entry): number {
  if (entry.kind !== 'file') return MODES[entry.kind];
  return entry.executable ? MODES.executable : MODES.plain;
}

function bodyOf(entry: Entry): Uint8Array {
  if (entry.kind === 'file') return entry.content;
  return entry.kind === 'link' ? Buffer.from(entry.to) : new Uint8Array();
}

function padding(length: number): Buffer {
  return Buffer.alloc((4 - (length % 4)) % 4);
}

function record(index: number, path: string, mode: number, body: Uint8Array): Buffer[] {
  const name = Buffer.from(`${path}\0`);
  // ino, mode, uid, gid, nlink, mtime, filesize, four device numbers, namesize, check
  const fields = [index, mode, 0, 0, 1, 0, body.length, 0, 0, 0, 0, name.length, 0];
  const header = Buffer.from('070701' + fields.map((field) => field.toString(16).padStart(8, '0')).join(''));
  return [header, name, padding(header.length + name.length), Buffer.from(body), padding(body.length)];
}

/** Adds the folders of entries, each once and before its content. */
function withFolders(entries: Entry[]): Entry[] {
  const all = new Map<string, Entry>();
  for (const entry of entries) {
    const parts = entry.path.split('/');
    for (let depth = 1; depth < parts.length; depth++) {
      const path = parts.slice(0, depth).join('/');
      if (!all.has(path)) all.set(path, { path, kind: 'folder' });
    }
    all.set(entry.path, entry);
  }
  return [...all.values()];
}

/** Paths are relative to the root, without a leading slash. The same entries give the same bytes. */
export function cpio(entries: Entry[]): Buffer {
  const records = withFolders(entries).map((entry, index) =>
    record(index + 1, entry.path, modeOf(entry), bodyOf(entry)),
  );
  return Buffer.concat([...records.flat(), ...record(0, 'TRAILER!!!', 0, new Uint8Array())]);
}
