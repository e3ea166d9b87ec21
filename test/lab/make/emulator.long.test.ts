/** Debian 12's QEMU as it is unpacked into the cache: whole, and a lab runs under it. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { execa } from 'execa';
import { labDown } from '../../../src/lab/life/down.ts';
import { labUp } from '../../../src/lab/life/up.ts';
import { ensureEmulator, type Emulator } from '../../../src/lab/make/emulator.ts';
import { findTools } from '../../../src/lab/make/tools.ts';
import { QEMU } from '../../../src/lab/make/toolbox.ts';
import { labPaths } from '../../../src/lab/paths.ts';
import { testFolder } from '../../support/directory.ts';
import { LAB_CACHE } from '../../support/lab.ts';

describe('an emulator of the lab’s own', { timeout: 10 * 60_000 }, () => {
  const folder = testFolder();
  const paths = {
    ...labPaths(LAB_CACHE, 'emulator-test'),
    emulator: join(folder, 'emulator'),
    snapshots: join(folder, 'snapshots'),
  };
  const bad = () => findTools([{ ...QEMU, probe: ['echo', 'QEMU emulator version 10.0.13'] }]);
  after(() => labDown(() => undefined, paths));

  it('has all of its libraries beside it, and runs Xen’s guests', async () => {
    let emulator: Emulator = ['false'];
    await labUp(() => undefined, {
      paths,
      guests: 1,
      emulator: async (report, options) => (emulator = await ensureEmulator(report, options, bad)),
    });
    const [command, ...args] = emulator;
    const { stdout: version } = await execa(command, [...args, '--version']);
    assert.match(version, /version 7\.2\./);
    // The C library tells which libraries it would load; the kernel's own is no file.
    const loader = args.findIndex((word) => word.includes('ld-linux'));
    const { stdout: libraries } = await execa(args[loader] ?? '', [
      '--list',
      ...args.slice(loader + 1, loader + 4),
    ]);
    const elsewhere = libraries
      .split('\n')
      .filter((line) => !/linux-vdso/.test(line) && !line.includes(`${folder}/`));
    assert.deepEqual(elsewhere, []);
    const ssh = ['-F', join(paths.run, 'ssh_config')];
    await execa('ssh', [...ssh, 'lab-dom0', 'vgpu-mode mediated g1']);
    const { stdout } = await execa('ssh', [...ssh, 'lab-g1', 'vgpu-mode mediated && mmul 16']);
    assert.match(stdout, /"check":"ok"/);
  });
});
