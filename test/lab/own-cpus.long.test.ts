/** A lab on a host of more cores than two: each guest has a virtual CPU of its own, also where it goes on from a snapshot. */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { execa } from 'execa';
import { sshConfigFile } from '../../src/lab/boot/ssh-config.ts';
import { labDown } from '../../src/lab/life/down.ts';
import { labStatus } from '../../src/lab/life/status.ts';
import { labUp } from '../../src/lab/life/up.ts';
import { chooseLab, labPaths } from '../../src/lab/paths.ts';
import { LAB_CACHE as cache, remains } from '../support/lab.ts';

const NAME = 'own-cpus';

describe('guests on a host of three cores', { timeout: 10 * 60_000 }, () => {
  const paths = labPaths(cache, NAME);
  const down = () => labDown(() => undefined, paths);
  const up = () => labUp(() => undefined, { paths, guests: 2, bare: false, cores: 3 });

  const say = async (on: string, script: string) => {
    const options = { stdin: 'ignore', timeout: 60_000 } as const;
    return (await execa('ssh', ['-F', sshConfigFile(paths), `lab-${on}`, script], options)).stdout;
  };

  after(async () => {
    await down();
    assert.deepEqual(remains(paths), []);
  });

  for (const how of ['booted', 'from a snapshot'])
    it(`are on a virtual CPU each, and compute side by side what is right, ${how}`, async () => {
      process.env['VGPUBENCH_LAB_CACHE'] = cache;
      chooseLab(NAME);
      await up();
      const { snapshot, guestCpus } = await labStatus(paths);
      assert.equal(guestCpus, 2);
      assert.equal(snapshot === null ? 'booted' : 'from a snapshot', how);
      await say('dom0', 'vgpu-mode mediated g1 g2');
      assert.deepEqual(cpusOf(await say('dom0', 'xl vcpu-list')), { 'Domain-0': '0', g1: '1', g2: '2' });
      const both = await Promise.all(['g1', 'g2'].map((guest) => say(guest, 'vgpu-mode mediated; mmul 64')));
      for (const output of both) assert.match(output, /"check":"ok"/);
      await down();
    });
});

/** By domain, where its one virtual CPU may run. */
function cpusOf(list: string): Record<string, string | undefined> {
  const rows = list.trim().split('\n').slice(1);
  return Object.fromEntries(
    rows.map((row) => {
      const [name = '', ...fields] = row.split(/\s+/);
      // Hard affinity, then, after a stroke, soft.
      return [name, fields[5]];
    }),
  );
}
