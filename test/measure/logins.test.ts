/** Whole runs by every kind of login that a guest may have, on machines of the test's own. It needs root. */
import assert from 'node:assert/strict';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type ServerSpec, type Servers, startServers } from '../../bench/loopback/sshd.ts';
import { runExperiment } from '../../src/run/index.ts';
import { LinkLost } from '../../src/target/link.ts';
import { Target } from '../../src/target/target.ts';
import { eventsIn } from '../support/events.ts';
import { machineOf, machinesFolder } from '../support/machine.ts';
import { testTargets } from '../support/targets.ts';

/** Debian puts busybox in /bin or /usr/bin, by release. */
const BUSYBOX = existsSync('/usr/bin/busybox') ? '/usr/bin/busybox' : '/bin/busybox';

interface Login extends Partial<ServerSpec> {
  what: string;
  shell?: string;
  home?: string;
  /** What is done to the machine; $home is the login directory. */
  prepare?: string;
}

const LOGINS: Record<string, Login> = {
  dash: { what: 'dash for sh', sh: '/bin/dash' },
  busybox: { what: 'busybox for sh', sh: BUSYBOX },
  bash: { what: 'bash for sh, and for a login shell', sh: '/bin/bash', shell: '/bin/bash' },
  fish: { what: 'fish for a login shell', shell: '/usr/bin/fish' },
  tcsh: { what: 'tcsh for a login shell', shell: '/bin/tcsh' },
  readonly: {
    what: 'a login directory that can’t be written to',
    prepare: 'mount --bind $home $home; mount -o remount,ro,bind $home',
  },
  homeless: { what: 'no login directory', home: '/nonexistent' },
  noisy: {
    what: 'a noisy .bashrc',
    shell: '/bin/bash',
    prepare: `printf 'echo welcome; echo beware >&2; printf "no end of line"\\n' >$home/.bashrc`,
  },
  banner: { what: 'a banner', config: ['Banner /etc/passwd'] },
  jump: { what: 'a jump host before it', client: ['ProxyJump dash'] },
  one: { what: 'one session per connection', config: ['MaxSessions 1'] },
  two: { what: 'two sessions per connection', config: ['MaxSessions 2'] },
};

describe('a run on a guest with', () => {
  let folder = '';
  let servers: Servers;
  before(async () => {
    folder = machinesFolder();
    const specs = Object.entries(LOGINS).map(
      ([alias, { shell, home, prepare = '', ...spec }], index): ServerSpec => {
        const users = [
          {
            name: 'alice',
            uid: 4201 + 2 * index,
            ...(shell === undefined ? {} : { shell }),
            ...(home === undefined ? {} : { home }),
          },
          { name: 'bob', uid: 4202 + 2 * index },
        ];
        const where = join(folder, alias);
        return {
          alias,
          user: 'alice',
          ...spec,
          ...machineOf(where, users, `home=${where}/alice\n${prepare}`),
        };
      },
    );
    servers = await startServers(specs, join(folder, 'sshd'));
  });
  after(async () => {
    await servers.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** @returns the run's token. */
  async function run(name: string, ssh: string): Promise<string> {
    const file = join(folder, `${name}.yaml`);
    writeFileSync(
      file,
      `name: ${name}
targets: { a: { ssh: ${ssh}, config: ${servers.sshConfig} } }
modes:
  native: { use: native, on: a, hypervisor: allowed }
  other: { use: custom, on: a, prepare: ["echo on >/dev/shm/state.$(id -u)"], attest: [{ run: "cat /dev/shm/state.$(id -u)", expect: "on" }], restore: ["rm /dev/shm/state.$(id -u)"] }
workloads: [{ use: command, name: w, run: "id -un; echo 'speed: 42'", metric: { pattern: "speed: {value}", unit: GB/s, better: higher } }]
design: { blocks: 2, warmup: 1, samples: 2 }
limits: { trial: 30s }
`,
    );
    const directory = join(folder, name);
    const { exitCode } = await runExperiment(file, { out: directory });
    const events = eventsIn(directory);
    const told = events.flatMap((event) =>
      event.type === 'incident' && event.kind !== 'noise' ? [event.text] : [],
    );
    assert.deepEqual([exitCode, told], [0, []]);
    assert.equal(events.filter(({ type }) => type === 'sample').length, 12);
    const [started] = events;
    assert.ok(started?.type === 'run-started');
    return started.token;
  }

  for (const [alias, { what }] of Object.entries(LOGINS))
    it(what, async () => {
      const token = await run(`${alias}-alice`, alias);
      const look = new Target(alias, { ssh: `bob@${alias}`, config: servers.sshConfig }, folder);
      try {
        const { stdout } = await look.run(
          `ls -A /dev/shm /tmp /var/tmp; for p in /proc/[0-9]*; do tr "\\0" " " <$p/cmdline; done 2>/dev/null | grep -o "vgpubench[-]${token}"`,
        );
        assert.equal(stdout, '/dev/shm:\n\n/tmp:\n\n/var/tmp:\n');
      } finally {
        await look.close();
      }
      await run(`${alias}-bob`, `bob@${alias}`);
    });
});

describe('a run on several guests of a server that takes few logins at a time', () => {
  const lab = testTargets([{ alias: 'a', config: ['MaxStartups 2:100:2', 'MaxSessions 1'] }]);

  it('reaches them all', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const file = join(lab.folder, 'startups.yaml');
    writeFileSync(
      file,
      `name: startups
same-machine: allowed
targets:
${names.map((name) => `  ${name}: { ssh: a, config: ${lab.servers.sshConfig} }`).join('\n')}
modes: { native: { use: native, on: [${names.join(', ')}], hypervisor: allowed } }
workloads: [{ use: command, name: w, run: "echo 'speed: 42'", metric: { pattern: "speed: {value}", unit: GB/s, better: higher } }]
design: { blocks: 2, warmup: 0, samples: 2 }
limits: { trial: 30s }
`,
    );
    const directory = join(lab.folder, 'startups');
    const { exitCode, results } = await runExperiment(file, { out: directory });
    assert.deepEqual(results.unsuccessful, []);
    assert.equal(exitCode, 0);
    const samples = eventsIn(directory).flatMap((event) => (event.type === 'sample' ? [event] : []));
    assert.deepEqual(
      samples.map(({ guests }) => guests.length),
      [6, 6, 6, 6],
    );
    for (const { startSpreadNs, startSpreadWithinNs = 0 } of samples)
      assert.ok(startSpreadNs !== null && startSpreadNs < 1e9 && startSpreadWithinNs > 0);
  });
});

describe('a server that lets nobody in', () => {
  let folder = '';
  let servers: Servers;
  const spec = (alias: string, shell: string, more: Partial<ServerSpec> = {}, prepare = ''): ServerSpec => ({
    ...{ alias, user: 'alice', ...more },
    ...machineOf(
      join(folder, alias),
      [{ name: 'alice', uid: 4301, shell }],
      `home=${join(folder, alias)}/alice\n${prepare}`,
    ),
  });
  before(async () => {
    folder = machinesFolder();
    servers = await startServers(
      [
        spec('forced', '/bin/sh', { config: ['ForceCommand echo this account makes backups only'] }),
        spec('nologin', '/usr/sbin/nologin'),
        spec('exits', '/bin/bash', {}, `echo 'echo come back on Monday; exit 3' >$home/.bashrc`),
        spec('errs', '/bin/bash', {}, `echo 'echo out of licences >&2; exit 3' >$home/.bashrc`),
      ],
      join(folder, 'sshd'),
    );
  });
  after(async () => {
    await servers.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  for (const [alias, words] of [
    ['forced', 'this account makes backups only'],
    ['nologin', 'This account is currently not available.'],
    ['exits', 'come back on Monday'],
    ['errs', 'out of licences'],
  ] as const)
    it(`is quoted: ${words}`, async () => {
      const target = new Target(alias, { ssh: alias, config: servers.sshConfig }, folder);
      await assert.rejects(
        target.facts(),
        (error) => error instanceof LinkLost && error.found?.includes(words) === true,
      );
    });
});
