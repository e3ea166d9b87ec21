/** A lab with a bare box alone, in this process: what becomes of a snapshot that is no good, or is cut short. */
import assert from 'node:assert/strict';
import { cpSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { execa } from 'execa';
import { goOn, saveBox } from '../../../src/lab/boot/saved-box.ts';
import { boxSockets } from '../../../src/lab/boot/sockets.ts';
import { labDown } from '../../../src/lab/life/down.ts';
import { labStatus } from '../../../src/lab/life/status.ts';
import { labUp } from '../../../src/lab/life/up.ts';
import { labPaths } from '../../../src/lab/paths.ts';
import { LAB_CACHE, namesIn, remains } from '../../support/lab.ts';
import { testFolder } from '../../support/directory.ts';

describe('a snapshot', { timeout: 10 * 60_000 }, () => {
  const folder = testFolder();
  const lab = labPaths(LAB_CACHE, 'snapshot-test');
  // Of its own, since what is saved there is spoilt here.
  const paths = { ...lab, snapshots: join(folder, 'snapshots') };
  const aside = join(folder, 'aside');
  let key = '';
  const file = () => join(paths.snapshots, key, 'bare.zst');
  const down = () => labDown(() => undefined, paths);
  const keys = () => namesIn(paths.snapshots);
  after(down);

  /** Brings it up, and interrupts that once it has told something like `end`. @returns all that was told. */
  async function up({ end, cold = false }: { end?: RegExp; cold?: boolean } = {}): Promise<string[]> {
    const told: string[] = [];
    const interrupt = new AbortController();
    const report = (step: string): void => {
      told.push(step);
      if (end?.test(step) === true) interrupt.abort();
    };
    const rising = labUp(report, { paths, guests: 0, cold, signal: interrupt.signal });
    if (end === undefined) await rising;
    else await assert.rejects(rising, { name: 'AbortError' });
    return told;
  }

  const answers = async (): Promise<string> =>
    (await execa('ssh', ['-F', join(paths.run, 'ssh_config'), 'lab-bare', 'mmul 16'])).stdout;

  before(async () => {
    await down();
    await up();
    key = keys()[0] ?? '';
    cpSync(join(paths.snapshots, key), aside, { recursive: true });
  });

  it('is its user’s alone, and the machine goes on after it', async () => {
    assert.equal(statSync(paths.snapshots).mode & 0o777, 0o700);
    assert.deepEqual(
      [statSync(join(paths.snapshots, key)).mode & 0o777, statSync(file()).mode & 0o777],
      [0o700, 0o600],
    );
    assert.equal((await labStatus(paths)).snapshot, null);
    assert.match(await answers(), /"check":"ok"/);
  });

  it('that can’t be written leaves the machine as it was', async () => {
    const sockets = boxSockets(paths, 'bare');
    await assert.rejects(
      saveBox(sockets.monitor, join(folder, 'nowhere', 'bare.zst'), undefined),
      /pipe|nowhere/i,
    );
    assert.equal((await goOn(sockets, undefined)).source, 'tsc');
    assert.match(await answers(), /"check":"ok"/);
  });

  it('is gone on from, and interrupted on the way, is kept and leaves no machine', async () => {
    await down();
    await up();
    assert.equal((await labStatus(paths)).snapshot, key);
    assert.match(await answers(), /"check":"ok"/);
    await down();
    await up({ end: /accelerator/ });
    assert.deepEqual(remains(paths), []);
    assert.deepEqual(keys(), [key]);
  });

  for (const [what, spoil, reason] of [
    [
      'cut short',
      () => {
        truncateSync(file(), 1_000_000);
      },
      /has 1000000 bytes, not \d+/,
    ],
    [
      'changed',
      () => {
        changeByte(file());
      },
      /has changed since it was written|QEMU ended before/,
    ],
    [
      'without its description',
      () => {
        rmSync(join(paths.snapshots, key, 'manifest.json'));
      },
      /manifest\.json/,
    ],
    [
      'made where time ran at another rate',
      () => {
        edit(/"tscKhz":\d+/, '"tscKhz":1000');
      },
      /counter of 1000 kHz/,
    ],
  ] as const)
    it(`that is ${what} is removed, and the lab booted, which is told`, async () => {
      cpSync(aside, join(paths.snapshots, key), { recursive: true });
      spoil();
      const told = await up({ end: /can’t be used/ });
      assert.match(told.find((step) => step.includes('can’t be used')) ?? '', reason);
      assert.deepEqual(keys(), []);
      assert.deepEqual(remains(paths), []);
    });

  it('that is interrupted while it is written, leaves nothing', async () => {
    await up({ end: /^boot lab-bare/, cold: true });
    assert.deepEqual(keys(), []);
    assert.deepEqual(remains(paths), []);
  });

  function edit(text: RegExp, other: string): void {
    const manifest = join(paths.snapshots, key, 'manifest.json');
    writeFileSync(manifest, readFileSync(manifest, 'utf8').replace(text, other));
  }
});

function changeByte(file: string): void {
  const bytes = readFileSync(file);
  const middle = bytes.length >> 1;
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  writeFileSync(file, bytes);
}
