import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { type Servers, startServers } from '../../bench/loopback/sshd.ts';
import { Target } from '../../src/target/target.ts';
import { vgpubench } from '../support/cli.ts';
import { eventsIn } from '../support/events.ts';
import { machineOf, machinesFolder } from '../support/machine.ts';
import { until } from '../support/processes.ts';

const PROTECTED = '/proc/sys/fs/protected_symlinks';
const ALICE = 4101;
const TRIAL = {
  ...{
    command: 'echo mine',
    environment: {},
    outputBytes: 1e5,
    fileBytes: 1e6,
    giveUpMs: 60_000,
    begun: false,
  },
};

for (const links of ['0', '1'])
  describe(`a guest that others use, with fs.protected_symlinks=${links}`, () => {
    let folder = '';
    let servers: Servers;
    let found = '';
    const opened: Target[] = [];
    before(async () => {
      found = readFileSync(PROTECTED, 'utf8').trim();
      if (found !== links) writeFileSync(PROTECTED, links);
      folder = machinesFolder();
      const users = [
        { name: 'alice', uid: ALICE },
        { name: 'mallory', uid: 4102 },
      ];
      servers = await startServers(
        [{ alias: 'guest', user: 'alice', ...machineOf(join(folder, 'guest'), users) }],
        join(folder, 'sshd'),
      );
    });
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((target) => target.close()));
    });
    after(async () => {
      await servers.stop();
      if (found !== links) writeFileSync(PROTECTED, found);
      rmSync(folder, { recursive: true, force: true });
    });

    function as(user: string, token: string): Target {
      const address = { ssh: `${user}@guest`, config: servers.sshConfig };
      const target = new Target(user, address, folder, undefined, {
        owner: { token, who: user },
        roomKib: 4096,
      });
      opened.push(target);
      tokens.set(target, token);
      return target;
    }
    const sh = async (target: Target, script: string) => {
      const { exitCode, stdout, stderr } = await target.run(script);
      return { exitCode, said: (stdout + stderr).trim() };
    };
    const token = () => randomBytes(8).toString('hex');
    const tokens = new Map<Target, string>();
    const tokenOf = (target: Target) => tokens.get(target) ?? '';

    it('shows them nothing of a run, and lets them write nothing into it', async () => {
      const [own, other] = [as('alice', token()), as('mallory', token())];
      const trial = await own.openTrial({ ...TRIAL, directory: 'trial' });
      await trial.run('s0');
      const run = `/dev/shm/vgpubench-${tokenOf(own)}`;
      assert.equal((await sh(other, `[ -d ${run} ]`)).exitCode, 0, 'its name can be read');
      for (const attempt of [
        `ls ${run}/`,
        `cat ${run}/alice/trial/s0`,
        `mkdir -p ${run}/mallory`,
        `: >${run}/s1`,
        `ln -s /tmp ${run}/alice/trial/s1`,
        `mv ${run} /dev/shm/x`,
        `rm -rf ${run} 2>/dev/null; [ ! -e ${run} ]`,
      ])
        assert.notEqual((await sh(other, attempt)).exitCode, 0, attempt);
      const { said } = await sh(other, `cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' '\\n'`);
      assert.match(said, /leader\.sh/, 'its processes can be seen');
      assert.doesNotMatch(
        said,
        /\b[0-9a-f]{32}\b/,
        'and what its frames are marked with is not among their arguments',
      );
      assert.equal((await trial.run('s1')).stdout.toString(), 'mine\n');
      trial.close();
      await own.leave();
    });

    it('is told apart from what others have put where its files would be', async () => {
      const other = as('mallory', token());
      for (const [what, make] of [
        ['a directory', (name: string) => `mkdir -m 700 ${name}`],
        ['an open directory', (name: string) => `mkdir -m 777 ${name}`],
        [
          'a link to a directory of theirs',
          (name: string) => `mkdir -p -m 777 /tmp/bait && ln -s /tmp/bait ${name}`,
        ],
        ['a link to a directory of ours alone', (name: string) => `ln -s ~alice/private ${name}`],
        ['a link to nowhere', (name: string) => `ln -s /tmp/nowhere-$$ ${name}`],
        ['a file', (name: string) => `: >${name}`],
      ] as const) {
        const own = as('alice', token());
        await sh(own, 'mkdir -p -m 700 ~/private && echo precious >~/private/s0');
        const name = `/dev/shm/vgpubench-${tokenOf(own)}`;
        assert.equal((await sh(other, make(name))).exitCode, 0, what);
        const { scratch, remarks } = await own.facts();
        assert.equal(scratch, '/tmp', what);
        assert.match(remarks.join('\n'), /\/dev\/shm: vgpubench-\w+ is there, and another user’s/);
        const trial = await own.openTrial({ ...TRIAL, directory: 'trial' });
        assert.equal((await trial.run('s0')).stdout.toString(), 'mine\n');
        trial.close();
        await own.endTrial('trial', 0);
        await own.leave();
        assert.deepEqual(
          (await sh(own, 'ls ~/private; cat ~/private/s0; ls /tmp | grep vgpubench')).said,
          's0\nprecious',
          what,
        );
        assert.equal((await sh(other, `ls ${name}/ 2>/dev/null; rm -rf ${name} /tmp/bait`)).said, '', what);
        await own.close();
      }
    });

    it('has no lock where others have put something in its place, says so, and runs', async () => {
      const [own, other] = [as('alice', token()), as('mallory', token())];
      await sh(other, `ln -s ~alice /dev/shm/vgpubench-lock-${ALICE}`);
      const { scratch, remarks } = await own.facts();
      assert.equal(scratch, '/dev/shm');
      assert.match(remarks.join('\n'), /vgpubench-lock-4101: another user’s/);
      await own.leave();
      assert.deepEqual((await sh(own, 'ls ~')).said, 'private');
      await sh(other, `rm /dev/shm/vgpubench-lock-${ALICE}`);
    });

    it('keeps no files where others may rename them', async () => {
      const own = as('alice', token());
      await sh(own, 'ls -ld /dev/shm');
      const mode = servers.pid('guest');
      chmodSync(`/proc/${mode}/root/dev/shm`, 0o777);
      try {
        const { scratch, remarks } = await own.facts();
        assert.equal(scratch, '/tmp');
        assert.match(remarks.join('\n'), /\/dev\/shm: others may rename what is in it/);
      } finally {
        chmodSync(`/proc/${mode}/root/dev/shm`, 0o1777);
      }
      await own.leave();
    });

    it('kills no process but what a leader of its own has started', async () => {
      const own = as('alice', token());
      const trial = await own.openTrial({ ...TRIAL, directory: 'trial' });
      await trial.run('s0');
      const { said: bystander } = await sh(own, 'setsid sleep 55 >/dev/null 2>&1 & echo $!');
      const { scratch } = await own.facts();
      // As a crash and a process ID that was given again would leave it.
      await sh(
        own,
        `echo "${bystander} 1 1 ${'0'.repeat(32)} 1 " >${scratch ?? ''}/vgpubench-${tokenOf(own)}/alice/trial/leader.${bystander}`,
      );
      trial.close();
      assert.deepEqual(await own.endTrial('trial', 0), { left: [], ended: true });
      assert.equal((await sh(own, `kill -0 ${bystander}; s=$?; kill ${bystander}; exit $s`)).exitCode, 0);
      await own.leave();
    });

    it('gives a run the figures of its own workload while another user does what he can', async () => {
      const other = as('mallory', token());
      const stop = join(folder, 'guest', 'mallory', 'stop');
      await sh(other, 'rm -f ~/stop ~/tries');
      const attack = `for i in $(seq 1 3000); do [ -e ~/stop ] && break; for d in /dev/shm/vgpubench-*; do
n=\${d##*/}; mkdir -p $d/guest/b1.native.w.1 && echo forged; ln -s ~alice/private $d/x; echo "0 1 2 ." >$d/s0
mkdir /tmp/$n; ln -s ~alice/private /var/tmp/$n; mv $d /dev/shm/gone; rm -rf $d
done; echo x >>~/tries; sleep 0.01; done >/dev/null 2>&1 &`;
      await sh(other, attack);
      await until('he is at it', () => existsSync(join(folder, 'guest', 'mallory', 'tries')));
      const file = join(folder, 'run.yaml');
      writeFileSync(
        file,
        `name: attacked
targets: { guest: { ssh: guest, config: ${servers.sshConfig} } }
modes:
  native: { use: native, on: guest, hypervisor: allowed }
  again: { use: native, on: guest, hypervisor: allowed }
workloads: [{ use: command, name: w, run: "sleep 0.05; echo 'speed: 42'", metric: { pattern: "speed: {value}", unit: GB/s, better: higher } }]
design: { blocks: 3, warmup: 0, samples: 3 }
`,
      );
      const directory = join(folder, 'run');
      const { exitCode, stderr } = await vgpubench(['run', file, '--out', directory], folder);
      writeFileSync(stop, '');
      assert.equal(exitCode, 0, stderr);
      const samples = eventsIn(directory).filter((event) => event.type === 'sample');
      assert.equal(samples.length, 18);
      for (const { guests } of samples)
        assert.deepEqual(
          guests[0]?.readings[0]?.metrics.map(({ value }) => value),
          [42],
        );
      const left = await sh(
        as('alice', token()),
        'cat ~/private/s0; ls ~/private; find /dev/shm /tmp -user alice',
      );
      assert.equal(left.said, 'precious\ns0');
      rmSync(directory, { recursive: true });
      assert.ok(readdirSync(join(folder, 'guest', 'mallory')).includes('tries'));
    });
  });
