import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '../../src/problem.ts';
import { LinkLost } from '../../src/target/link.ts';
import type { RunResult, TrialStream } from '../../src/target/stream.ts';
import type { Target } from '../../src/target/target.ts';
import { parentOf, processesWith, programOf, until } from '../support/processes.ts';
import { testTargets } from '../support/targets.ts';

/** Debian puts busybox in /bin or /usr/bin, by release. */
const BUSYBOX = existsSync('/usr/bin/busybox') ? '/usr/bin/busybox' : '/bin/busybox';
const SHELLS = { dash: '/bin/dash', busybox: BUSYBOX, bash: '/bin/bash' };

const limits = {
  environment: {},
  outputBytes: 100_000,
  fileBytes: 10_000_000,
  giveUpMs: 60_000,
  begun: false,
};
const fresh = () => `vgb-test-${randomBytes(8).toString('hex')}`;

describe('the guest shell stream', () => {
  const lab = testTargets(Object.entries(SHELLS).map(([alias, sh]) => ({ alias, sh })));

  /** Opens a stream for `command`, gives it to `use`, and ends the trial. */
  async function withStream<T>(
    target: Target,
    command: string,
    use: (trial: TrialStream, directory: string) => Promise<T>,
    more: object = {},
  ): Promise<T> {
    const directory = fresh();
    const stream = await target.openTrial({ ...limits, directory, command, ...more });
    try {
      return await use(stream, directory);
    } finally {
      stream.close();
      await target.endTrial(directory, 0);
    }
  }

  for (const alias of Object.keys(SHELLS)) {
    describe(`in ${alias}`, () => {
      it('brings back the exit status, both outputs and the guest’s own duration', async () => {
        const result = await withStream(
          lab.target(alias),
          'sleep 0.05; printf out; printf err >&2; exit 7',
          (stream) => stream.run('s0'),
        );
        assert.equal(result.exitCode, 7);
        assert.equal(result.stdout.toString(), 'out');
        assert.equal(result.stderr.toString(), 'err');
        assert.ok(result.durationNs !== null && result.durationNs >= 50e6, `${String(result.durationNs)} ns`);
      });

      it('brings back every byte as it was', async () => {
        const target = lab.target(alias);
        const bytes = randomBytes(40_000);
        const octal = bytes.subarray(0, 2000);
        const command = `printf '${[...octal].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')}'`;
        const result = await withStream(target, command, (stream) => stream.run('s0'));
        assert.deepEqual(result.stdout, octal);
      });

      it('runs a plain program and a line of shell alike, again and again', async () => {
        for (const command of ['/bin/true', 'true && exit 0']) {
          await withStream(lab.target(alias), command, async (stream) => {
            for (let i = 0; i < 20; i++) assert.equal((await stream.run(`s${i}`)).exitCode, 0);
          });
        }
      });

      it('survives a syntax error, an exit and a cd in the command', async () => {
        for (const command of ['if', 'cd /; exit 3', 'set -e; false', 'exec false', 'unset D N; exit 1']) {
          await withStream(lab.target(alias), command, async (stream) => {
            assert.notEqual((await stream.run('s0')).exitCode, 0);
            assert.notEqual((await stream.run('s1')).exitCode, 0);
          });
        }
      });

      it('runs a key once, however often it is asked for', async () => {
        const target = lab.target(alias);
        const marker = `${lab.folder}/${alias}.ran`;
        await withStream(target, `sleep 0.3; echo x >>${marker}; echo done`, async (stream, directory) => {
          const first = stream.run('s0');
          first.catch(() => undefined);
          await until('the run has begun', () => existsSync(`${lab.files(target)}/${directory}/s0`));
          const other = await target.openTrial({
            ...limits,
            directory,
            command: `echo x >>${marker}; echo again`,
          });
          const second = await other.run('s0');
          other.close();
          await assert.rejects(first, LinkLost, 'the older stream was let go');
          assert.equal(second.stdout.toString(), 'done\n');
        });
        const { stdout } = await target.run(`cat ${marker}`);
        assert.equal(stdout, 'x\n');
      });

      it('tells that a run is lost when its leader was killed', async () => {
        const target = lab.target(alias);
        const directory = fresh();
        const open = () => target.openTrial({ ...limits, directory, command: 'kill -KILL $$; sleep 9' });
        const stream = await open();
        assert.equal((await stream.run('s0')).exitCode, 'lost');
        stream.close();
        const again = await open();
        assert.equal((await again.run('s0')).exitCode, 'lost');
        again.close();
        await target.endTrial(directory, 0);
      });

      it('gives the workload its environment, directory and an empty stdin', async () => {
        const more = { environment: { GREETING: "it's $HOME" }, workingDirectory: '/usr' };
        const result = await withStream(
          lab.target(alias),
          'echo "$GREETING"; pwd; cat',
          (stream) => stream.run('s0'),
          more,
        );
        assert.equal(result.stdout.toString(), "it's $HOME\n/usr\n");
      });

      it('waits at the barrier once the guest stands ready', async () => {
        const target = lab.target(alias);
        await withStream(target, 'echo went', async (stream, directory) => {
          let begunEarly = true;
          const result = await stream.run('s0', () => {
            assert.ok(existsSync(`${lab.files(target)}/${directory}`));
            begunEarly = existsSync(`${lab.files(target)}/${directory}/s0`);
            return Promise.resolve();
          });
          assert.equal(begunEarly, false);
          assert.equal(result.stdout.toString(), 'went\n');
        });
      });

      it('sends no more output than the limit, and says that it was cut', async () => {
        const result = await withStream(lab.target(alias), 'head -c 5000000 /dev/zero', (stream) =>
          stream.run('s0'),
        );
        assert.equal(result.stdout.length, limits.outputBytes);
        assert.equal(result.cut, true);
      });

      it('has the kernel end a workload that floods its output', async () => {
        const result = await withStream(lab.target(alias), 'yes', (stream) => stream.run('s0'), {
          fileBytes: 1_000_000,
        });
        assert.equal(result.exitCode, 128 + 25);
        assert.equal(result.cut, true);
      });

      it('ends forked, detached and stubborn processes with the trial', async () => {
        const target = lab.target(alias);
        const nap = `9${String(process.pid).padStart(7, '0')}`;
        const command = `trap '' TERM; sleep ${nap} & setsid sleep ${nap} & (setsid sh -c 'trap "" TERM HUP; sleep ${nap}' &) ; sleep 0.1; echo started`;
        await withStream(target, command, async (stream) => {
          assert.equal((await stream.run('s0')).stdout.toString(), 'started\n');
          assert.ok(processesWith(`sleep ${nap}`).length >= 3);
        });
        await until('nothing of it is left', () => processesWith(`sleep ${nap}`).length === 0);
      });

      it('finds what has left the group without a trace in its environment, and says so', async () => {
        const target = lab.target(alias);
        const nap = `7${String(process.pid).padStart(7, '0')}`;
        const stream = await target.openTrial({
          ...limits,
          directory: 'astray',
          command: `env -i PATH="$PATH" setsid sh -c '(sleep ${nap} </dev/null >/dev/null 2>&1 &)'; echo gone`,
        });
        assert.equal((await stream.run('s0')).stdout.toString(), 'gone\n');
        await until('it has left', () => {
          const own = processesWith(`sleep ${nap}`);
          return own.some((pid) => programOf(pid) === 'sleep' && !own.includes(parentOf(pid) ?? pid));
        });
        stream.close();
        const { left, ended } = await target.endTrial('astray', 0);
        assert.deepEqual([left.map(({ name }) => name), ended], [['sleep'], true]);
        assert.equal(processesWith(`sleep ${nap}`).length, 0);
      });

      it('ends a trial also where its directory is gone, and says so where it can’t', async () => {
        const target = lab.target(alias);
        const nap = `5${String(process.pid).padStart(7, '0')}`;
        const stream = await target.openTrial({
          ...limits,
          directory: 'gone',
          command: `rm -rf ${lab.files(target)}; setsid sleep ${nap} </dev/null >/dev/null 2>&1 & sleep ${nap}`,
        });
        void stream.run('s0').catch(() => undefined);
        await until('both run', () => {
          const own = processesWith(`sleep ${nap}`);
          return own.filter((pid) => programOf(pid) === 'sleep').length === 2;
        });
        stream.close();
        const { left, ended } = await target.endTrial('gone', 0);
        assert.deepEqual([left.map(({ name }) => name), ended], [['sleep'], true]);
        assert.equal(processesWith(`sleep ${nap}`).length, 0);
        await target.leave();
      });

      it('runs a plain program itself, with no shell between, also one in the workload’s directory', async () => {
        const directory = join(lab.folder, `${alias}.programs`);
        mkdirSync(directory, { recursive: true });
        writeFileSync(join(directory, 'prog'), '#!/bin/sh\necho $PPID\n', { mode: 0o755 });
        for (const command of ['./prog', `${directory}/prog`])
          await withStream(
            lab.target(alias),
            command,
            async (stream) => {
              const { stdout } = await stream.run('s0');
              assert.equal(stdout.toString().trim(), stream.leader.split(' ')[0]);
            },
            { workingDirectory: directory },
          );
      });

      for (const [what, graceMs, trap, said] of [
        ['by TERM first, with time to put itself in order', 5000, 'echo bye >$0.bye; exit', 'bye\n'],
        ['by KILL at last where TERM does not do', 300, ':', undefined],
        ['by KILL at once without grace', 0, 'echo bye >$0.bye; exit', undefined],
      ] as const)
        it(`ends a trial that runs ${what}`, async () => {
          const target = lab.target(alias);
          const name = `${lab.folder}/${alias}.grace-${graceMs}`;
          const loop = `trap "${trap}" TERM; echo here >$0.here; while :; do sleep 0.02; done`;
          const stream = await target.openTrial({
            ...limits,
            directory: `ends-${graceMs}`,
            command: `sh -c '${loop}' ${name}`,
          });
          const running = stream.run('s0');
          await until('it runs', () => existsSync(`${name}.here`));
          stream.close();
          assert.deepEqual(await target.endTrial(`ends-${graceMs}`, graceMs), { left: [], ended: true });
          // What is slow to die has its control group killed, which takes the stream's shell along.
          const end = await running.catch((error: unknown) => error);
          assert.ok(end instanceof LinkLost || (end as RunResult).exitCode === 'lost', String(end));
          assert.equal(processesWith(name).length, 0);
          assert.equal(existsSync(`${name}.bye`) ? readFileSync(`${name}.bye`, 'utf8') : undefined, said);
        });

      it('hides all that is ours from a workload, and is not touched by what it is given', async () => {
        const bin = join(lab.folder, `${alias}.bin`);
        mkdirSync(bin, { recursive: true });
        for (const name of ['work', 's', 'clock'])
          writeFileSync(join(bin, name), `#!/bin/sh\necho "${name} of its own: $N, $D"\n`, { mode: 0o755 });
        const environment = {
          ...{ N: '1024', D: '/etc', C: 'x', L: '1', k: 's9', p: '1', r: '3', T: '7', IFS: ':' },
          PATH: `${bin}:${process.env['PATH'] ?? ''}`,
        };
        for (const command of ['work', 's', 'clock', 'clock; exit 0'])
          await withStream(
            lab.target(alias),
            command,
            async (stream) => {
              for (const key of ['s0', 's1']) {
                const { stdout, exitCode, durationNs } = await stream.run(key);
                const [program = ''] = command.split(';');
                assert.deepEqual(
                  [stdout.toString(), exitCode],
                  [`${program} of its own: 1024, /etc\n`, 0],
                  command,
                );
                assert.ok(durationNs !== null && durationNs > 0);
              }
            },
            { environment },
          );
        const shown = await withStream(lab.target(alias), 'set; echo "[$*]"; typeset -f; env', (stream) =>
          stream.run('s0'),
        );
        assert.match(shown.stdout.toString(), /^\[\]$/m);
        // bash's own account of what it is in the middle of can't be unset.
        assert.doesNotMatch(shown.stdout.toString().replace(/^FUNCNAME=.*$/m, ''), /vgb_/);
        assert.deepEqual(
          [...new Set(shown.stdout.toString().match(/VGPUBENCH\w*/g))],
          ['VGPUBENCH_TRIAL'],
          'but for the mark by which it is found',
        );
      });

      it('tells when a run started, by the harness’s clock, and how well that is known', async () => {
        await withStream(lab.target(alias), 'true', async (stream) => {
          const [before, { started }] = [process.hrtime.bigint(), await stream.run('s0', () => sleep(50))];
          const tookNs = Number(process.hrtime.bigint() - before);
          assert.ok(started !== null && started.withinNs > 0 && started.withinNs < tookNs);
          const laterNs = Number(started.atNs - before);
          assert.ok(
            laterNs > 50e6 - started.withinNs && laterNs < tookNs + started.withinNs,
            `${laterNs} ns`,
          );
          assert.equal(
            (await stream.run('s1')).started,
            null,
            'it is asked for where several start together',
          );
        });
      });

      it('keeps the files of a trial beyond its end, and leaves none beyond the visit’s', async () => {
        const target = lab.target(alias);
        await target.endVisit();
        await withStream(target, 'echo hi', (stream) => stream.run('s0'));
        const kept = () => readdirSync(lab.files(target)).filter((name) => name.startsWith('vgb-test'));
        assert.equal(kept().length, 1);
        await target.endVisit();
        assert.deepEqual(kept(), []);
        await target.leave();
        assert.equal(existsSync(dirname(lab.files(target))), false);
      });
    });
  }

  it('names a working directory that is not there', async () => {
    const target = lab.target('dash');
    const directory = fresh();
    const opening = target.openTrial({
      ...limits,
      directory,
      command: 'true',
      workingDirectory: '/no/such/place',
    });
    await assert.rejects(
      opening,
      (error) =>
        error instanceof Problem && error.code === 'VGB-GUEST-DIRECTORY' && /entered/.test(error.message),
    );
    await target.endTrial(directory, 0);
  });
});
