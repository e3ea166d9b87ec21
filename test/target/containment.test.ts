/** How what a trial starts is kept together, on machines that offer different things for it. It needs root. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type ServerSpec, type Servers, startServers } from '../../bench/loopback/sshd.ts';
import { Target } from '../../src/target/target.ts';
import { machineOf, machinesFolder } from '../support/machine.ts';
import { processesWith, programOf, until } from '../support/processes.ts';

const ALICE = 4501;

/** Not what is about to become it: its shell has the same words on its command line. */
const sleeping = (time: string) => processesWith(`sleep ${time}`).filter((pid) => programOf(pid) === 'sleep');

/** The root of each hierarchy of control groups that systemd keeps processes in: v2, and v1's by name. */
const HIERARCHIES = readFileSync('/proc/mounts', 'utf8')
  .split('\n')
  .map((line) => line.split(' '))
  .filter(
    ([, , type, options = '']) => type === 'cgroup2' || (type === 'cgroup' && /name=systemd/.test(options)),
  )
  .map(([, path = '']) => path);
const V2 = HIERARCHIES.filter((path) => existsSync(join(path, 'cgroup.controllers')));

describe('a trial is ended with all that it started', () => {
  let folder = '';
  let servers: Servers;
  const opened: Target[] = [];
  const own = `vgb-test-${randomBytes(4).toString('hex')}`;
  const group = (name: string) => HIERARCHIES.map((path) => join(path, own, name));

  before(async () => {
    assert.ok(V2.length > 0, 'expected a mount of cgroup v2: mount -t cgroup2 none /sys/fs/cgroup');
    folder = machinesFolder();
    // What PID 1 does for a login: its session is root's, and beside it is what the user may divide.
    for (const path of HIERARCHIES) {
      for (const name of ['', 'manager', 'given']) {
        mkdirSync(join(path, own, name));
        for (const file of ['', 'cgroup.procs', 'cgroup.subtree_control', 'cgroup.threads'])
          if (existsSync(join(path, own, name, file))) chownSync(join(path, own, name, file), ALICE, ALICE);
      }
      mkdirSync(join(path, own, 'session'));
    }
    servers = await startServers(specs(), join(folder, 'sshd'));
  });
  after(async () => {
    // What a test that failed has left open would keep this process alive.
    await Promise.all(opened.map((target) => target.close()));
    const manager = join(folder, 'scope', 'manager.pid');
    if (existsSync(manager)) process.kill(Number(readFileSync(manager, 'utf8')), 'SIGKILL');
    await servers.stop();
    for (const path of HIERARCHIES) removeGroups(join(path, own));
    rmSync(folder, { recursive: true, force: true });
  });

  function specs(): ServerSpec[] {
    const users = [{ name: 'alice', uid: ALICE }];
    const enter = (name: string) =>
      group(name)
        .map((path) => `echo $$ >${path}/cgroup.procs`)
        .join('\n');
    const runtime = join(folder, 'scope', 'runtime');
    const manager = `mkdir -p -m 700 ${runtime}; chown ${ALICE}:${ALICE} ${runtime}
mount -t tmpfs none /run/systemd; mkdir /run/systemd/system
sh -c '${enter('manager').replaceAll('\n', '; ')}; exec setpriv --reuid ${ALICE} --regid ${ALICE} --clear-groups env -i HOME=${folder}/scope/alice XDG_RUNTIME_DIR=${runtime} PATH=/usr/bin:/bin /lib/systemd/systemd --user' >/dev/null 2>&1 </dev/null &
echo $! >${folder}/scope/manager.pid
i=0; while [ ! -S ${runtime}/systemd/private ] && [ $i -lt 100 ]; do i=$((i+1)); sleep 0.1; done
${enter('session')}`;
    const at = (alias: string) => join(folder, alias);
    return [
      { alias: 'v2', user: 'root', ...machineOf(at('v2'), users) },
      {
        alias: 'v1',
        user: 'root',
        ...machineOf(at('v1'), users, V2.map((path) => `umount ${path}`).join('\n')),
      },
      { alias: 'given', user: 'alice', ...machineOf(at('given'), users, enter('given')) },
      {
        alias: 'scope',
        user: 'alice',
        env: { XDG_RUNTIME_DIR: runtime },
        ...machineOf(at('scope'), users, manager),
      },
      { alias: 'none', user: 'alice', ...machineOf(at('none'), users) },
    ];
  }

  for (const [alias, what, containment] of [
    ['v2', 'by root, in a control group (v2)', 'cgroup v2'],
    ['v1', 'by root where there is v1 only, in a control group of that', 'cgroup v1'],
    ['given', 'by a user whose control group is his own, in that', 'cgroup v2'],
    ['scope', 'by a user of systemd, in a scope', 'systemd scope'],
    ['none', 'by a user without, wherever it is found', 'search'],
  ] as const)
    it(what, async () => {
      const owner = { token: randomBytes(8).toString('hex'), who: 'a test' };
      const target = new Target(alias, { ssh: alias, config: servers.sshConfig }, folder, undefined, {
        owner,
        roomKib: 1024,
      });
      opened.push(target);
      assert.equal((await target.facts()).containment, containment);
      const nap = `6${String(process.pid).padStart(6, '0')}${containment.length}${alias.length}`;
      const bystander = `6${nap}`;
      await target.run(`setsid sleep ${bystander} </dev/null >/dev/null 2>&1 & :`);
      for (const [index, astray] of [
        `env -i setsid sh -c '(sleep ${nap} </dev/null >/dev/null 2>&1 &)'`,
        `i=0; while [ $i -lt 40 ]; do i=$((i+1)); setsid sleep ${nap} </dev/null >/dev/null 2>&1 & done; sleep 0.2`,
      ].entries()) {
        const directory = `t${index}`;
        const trial = await target.openTrial({
          ...{ directory, command: `${astray}; echo away`, environment: {} },
          ...{ outputBytes: 1e5, fileBytes: 1e6, giveUpMs: 60_000, begun: false },
        });
        assert.equal((await trial.run('s0')).stdout.toString(), 'away\n');
        await until('it is away', () => sleeping(nap).length >= (index === 0 ? 1 : 40));
        trial.close();
        const { left, ended } = await target.endTrial(directory, 0);
        assert.deepEqual([[...new Set(left.map(({ name }) => name))], ended], [['sleep'], true]);
        assert.equal(left.length, index === 0 ? 1 : 40);
        assert.equal(sleeping(nap).length, 0);
        await target.endVisit();
      }
      const bystanders = sleeping(bystander);
      assert.equal(bystanders.length, 1, 'what is none of the trial’s lives on');
      for (const pid of bystanders) process.kill(pid, 'SIGKILL');
      await target.leave();
      await target.close();
      assert.deepEqual(
        groupsBelow(V2[0] ?? '').filter((path) => path.includes(owner.token)),
        [],
      );
    });
});

/** Paths of the control groups below one. Those of others may go while they are looked at. */
function groupsBelow(path: string): string[] {
  try {
    const groups = readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    return groups.flatMap(({ name }) => [join(path, name), ...groupsBelow(join(path, name))]);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Removes a control group and all below it, once nothing runs there. */
function removeGroups(path: string): void {
  for (const entry of readdirSync(path, { withFileTypes: true }))
    if (entry.isDirectory()) removeGroups(join(path, entry.name));
  try {
    rmdirSync(path);
  } catch {
    // What was killed this moment is still in it; an empty group costs nothing.
  }
}
