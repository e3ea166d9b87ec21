import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '../../src/problem.ts';
import { LinkLost } from '../../src/target/link.ts';
import { until } from '../support/processes.ts';
import { SHELLS, fresh, limits, shellTargets, withStream } from './shells.ts';

describe('the guest shell stream', () => {
  const lab = shellTargets();

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
