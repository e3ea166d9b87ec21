import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, it } from 'node:test';
import type { NativeSpec } from '../../src/mode/native/kind.ts';
import { nativeMode } from '../../src/mode/native/program.ts';
import { alone, place, says } from '../support/place.ts';

describe('the native mode', () => {
  const native = (over: Partial<NativeSpec> = {}) =>
    nativeMode('native', { use: 'native', on: ['guest'], hypervisor: 'none', ...over });

  it('changes nothing, wraps nothing and counts nothing', async () => {
    const guest = place('guest');
    assert.deepEqual(await native().prepare(alone(guest)), []);
    assert.deepEqual(await native().counters(alone(guest)), {});
    assert.equal(native().wrap('./a "b $c"'), './a "b $c"');
    assert.deepEqual(native().environment, {});
    assert.deepEqual(guest.ran, []);
  });

  it('holds where no sign of a hypervisor is found', async () => {
    for (const stdout of ['', 'none\n', '\n  none  \n'])
      assert.deepEqual(await native().attest(alone(says(stdout))), [
        {
          target: 'guest',
          claim: 'no hypervisor (otherwise set hypervisor: allowed)',
          ok: true,
          evidence: 'no hypervisor found',
        },
      ]);
  });

  it('does not hold where one is found, nor where nobody could look', async () => {
    const [found] = await native().attest(alone(says('CPU flag hypervisor\nxen\nkvm\n')));
    assert.deepEqual([found?.ok, found?.evidence], [false, 'found: CPU flag hypervisor, xen, kvm']);
    for (const exitCode of [null, 1]) {
      const [unknown] = await native().attest(alone(says('', exitCode)));
      assert.equal(unknown?.ok, false);
    }
  });

  it('holds above a hypervisor that the experiment allows, and tells of it', async () => {
    const [found] = await native({ hypervisor: 'allowed' }).attest(alone(says('kvm\n')));
    assert.deepEqual(
      [found?.ok, found?.claim, found?.evidence],
      [true, 'a hypervisor is allowed by the experiment file', 'found: kvm'],
    );
  });

  it('has its driver read from the device', async () => {
    const guest = place('guest', (script) => ({
      stdout: script.startsWith('readlink') ? '/sys/bus/pci/drivers/i915\n' : '',
    }));
    const with915 = await native({ driver: 'i915', device: '/dev/dri/card1' }).attest(alone(guest));
    assert.deepEqual(with915[1], {
      target: 'guest',
      claim: '/dev/dri/card1 is bound to i915',
      ok: true,
      evidence: 'i915',
    });
    assert.equal(guest.ran.at(-1), 'readlink -f /sys/class/drm/card1/device/driver');
    const withAmd = await native({ driver: 'amdgpu' }).attest(alone(guest));
    assert.deepEqual([withAmd[1]?.ok, withAmd[1]?.evidence], [false, 'i915']);
    const without = await native({ driver: 'i915' }).attest(alone(says('')));
    assert.deepEqual([without[1]?.ok, without[1]?.evidence], [false, 'no driver']);
  });

  it('looks with a script that any POSIX shell runs to its end', async () => {
    const guest = place('guest');
    await native().attest(alone(guest));
    execFileSync('sh', ['-c', guest.ran[0] ?? 'exit 9'], { stdio: 'ignore' });
  });
});
