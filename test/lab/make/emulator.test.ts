/** QEMU is the system's, unless that is known not to run Xen's guests. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { emulatorOf, SYSTEM_EMULATOR } from '../../../src/lab/make/emulator.ts';
import { findTools } from '../../../src/lab/make/tools.ts';
import { QEMU } from '../../../src/lab/make/toolbox.ts';
import { labPaths } from '../../../src/lab/paths.ts';

const paths = labPaths('/cache', 'default');
/** As where QEMU tells this version. */
const telling = (version: string) => () =>
  findTools([{ ...QEMU, probe: ['echo', `QEMU emulator version ${version}`] }]);

describe('the emulator', () => {
  it('is the system’s, where that runs Xen’s guests', async () => {
    for (const version of ['7.2.22', '8.2.2', '9.2.1'])
      assert.equal(await emulatorOf(paths, telling(version)), SYSTEM_EMULATOR);
  });

  const skip = process.arch !== 'x64' && 'Debian 12’s QEMU is fetched for x86-64 alone';
  it('is Debian 12’s in the cache, libraries and all, where it does not', { skip }, async () => {
    const [command, ...args] = await emulatorOf(paths, telling('10.0.13'));
    assert.equal(command, 'env');
    for (const word of args.filter((one) => one.includes('/')))
      assert.match(word, /^(?:QEMU_MODULE_DIR=)?\/cache\/emulator\//);
  });
});
