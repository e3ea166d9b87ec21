/** What the lab takes from its machine: which versions will do, and how a distribution's user gets them. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { installCommand, parseOsRelease } from '../../../src/lab/make/distribution.ts';
import { TOOLS, type Tool } from '../../../src/lab/make/toolbox.ts';
import { expectedOf, findTools, howToGet } from '../../../src/lab/make/tools.ts';

const tool = (name: string): Tool => {
  const found = TOOLS.find((one) => one.name === name);
  assert.ok(found !== undefined, name);
  return found;
};

/** The tool, where its probe prints this. */
const saying = (name: string, words: string): Tool => ({
  ...tool(name),
  probe: ['printf', '%s\n', words],
});

async function found(name: string, words: string): Promise<[boolean, string]> {
  const [one] = await findTools([saying(name, words)]);
  return [one?.ok ?? false, one?.found ?? ''];
}

describe('a tool', () => {
  it('will do from its version on, however that is told', async () => {
    const versions = [
      ['QEMU', 'QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18+b3)', true],
      ['QEMU', 'QEMU emulator version 10.0.8 (Debian 1:10.0.8+ds-0+deb13u1)', true],
      ['QEMU', 'QEMU emulator version 7.1.0', false],
      ['QEMU', 'QEMU emulator version 6.2.0 (Debian 1:6.2+dfsg-2ubuntu6)', false],
      ['gcc', 'gcc (Debian 12.2.0-14+deb12u1) 12.2.0', true],
      ['gcc', 'gcc (GCC) 15.1.1 20250425', true],
      ['gcc', 'gcc-8 (Debian 8.3.0-6) 8.3.0', true],
      ['gcc', 'gcc (Ubuntu 7.5.0-3ubuntu1~18.04) 7.5.0', false],
    ] as const;
    for (const [name, words, ok] of versions) assert.deepEqual(await found(name, words), [ok, words]);
  });

  it('will not do where its version can’t be told, or it is not there', async () => {
    assert.deepEqual(await found('QEMU', 'QEMU'), [false, 'unknown version, in: QEMU']);
    const [none] = await findTools([{ ...tool('QEMU'), probe: ['vgpubench-no-such-program'] }]);
    assert.deepEqual([none?.ok, none?.found], [false, 'none']);
    assert.equal(expectedOf(tool('QEMU')), 'QEMU 7.2 or newer');
    assert.equal(expectedOf(tool('make')), 'make');
  });
});

describe('a version of a tool of which something is known', () => {
  it('will do, and it is said', async () => {
    const caveats = await Promise.all(
      ['7.2.22', '10.0.13', '10.1.0'].map(async (version) => {
        const [one] = await findTools([saying('QEMU', `QEMU emulator version ${version}`)]);
        return [one?.ok, one?.caveat?.includes('without KVM, Xen’s guests')];
      }),
    );
    assert.deepEqual(caveats, [
      [true, undefined],
      [true, true],
      [true, true],
    ]);
  });
});

describe('the command that installs what is missing', () => {
  const QEMU_AND_XZ = [tool('QEMU'), tool('xz')];
  const commandOn = (osRelease: string): string => howToGet(QEMU_AND_XZ, parseOsRelease(osRelease));

  it('is the distribution’s own, with its names for packages', () => {
    const commands = [
      ['ID=debian', 'apt-get install --no-install-recommends qemu-system-x86 xz-utils'],
      ['ID=ubuntu\nID_LIKE=debian', 'apt-get install --no-install-recommends qemu-system-x86 xz-utils'],
      [
        'ID=linuxmint\nID_LIKE="ubuntu debian"',
        'apt-get install --no-install-recommends qemu-system-x86 xz-utils',
      ],
      ['ID=fedora', 'dnf install qemu-system-x86-core xz'],
      ['ID="rocky"\nID_LIKE="rhel centos fedora"', 'dnf install qemu-system-x86-core xz'],
      ['ID=arch', 'pacman -S --needed qemu-system-x86 xz'],
      ["ID='manjaro'\nID_LIKE='arch'", 'pacman -S --needed qemu-system-x86 xz'],
      ['ID="opensuse-tumbleweed"\nID_LIKE="opensuse suse"', 'zypper install qemu-x86 xz'],
      ['ID="opensuse-leap"', 'zypper install qemu-x86 xz'],
      ['ID=alpine', 'apk add qemu-system-x86_64 xz'],
    ] as const;
    for (const [text, command] of commands) assert.equal(commandOn(text), command, text);
  });

  it('is none where the distribution is not known: then it is said what is needed', () => {
    assert.equal(
      commandOn('ID=plan10\nPRETTY_NAME="Plan 10"'),
      'install the packages of Plan 10 that contain QEMU, xz',
    );
    assert.equal(commandOn(''), 'install the packages of linux that contain QEMU, xz');
  });

  it('names each package once', () => {
    const both = [tool('ssh'), tool('ssh-keygen')];
    assert.equal(howToGet(both, parseOsRelease('ID=fedora')), 'dnf install openssh-clients');
    assert.equal(installCommand('alpine', ['a', 'b']), 'apk add a b');
  });
});
