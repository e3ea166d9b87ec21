import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { type Neighbour, neighbourOf } from '../../src/measure/neighbour.ts';
import type { Finding, Place } from '../../src/mode/mode.ts';
import { until } from '../support/processes.ts';
import { testFolder } from '../support/directory.ts';

/** This machine, by a shell of its own for each script, as over SSH. */
const HERE: Place = {
  name: 'guest',
  run: async (script) => {
    const { exitCode = null, stdout, stderr } = await execa('sh', { input: script, reject: false });
    return { exitCode, stdout, stderr };
  },
};

const beside = (command: string, ran = command): Neighbour =>
  neighbourOf({ command, ran }, [{ guest: HERE, host: undefined, domain: 'guest' }]);

const start = async ({ changes }: Neighbour): Promise<void> => {
  for (const { script } of changes) assert.equal((await HERE.run(script)).exitCode, 0);
};

/** Runs the undos of a neighbour's start; each must say that all went well. */
const end = async ({ changes }: Neighbour): Promise<void> => {
  for (const { undo } of changes) assert.equal((await HERE.run(undo!.script)).exitCode, 0);
};

const found = async (neighbour: Neighbour): Promise<Finding> => (await neighbour.attest())[0]!;

/** Waits until a neighbour is found as told, and gives the finding. */
async function foundToBe(neighbour: Neighbour, ok: boolean): Promise<Finding> {
  const limit = performance.now() + 15_000;
  for (;;) {
    const finding = await found(neighbour);
    if (finding.ok === ok) return finding;
    assert.ok(performance.now() < limit, `still ${finding.evidence}`);
    await sleep(20);
  }
}

describe('a neighbour', () => {
  const directory = testFolder();

  it('runs as its mode has it run, and is told as the experiment has it', async () => {
    const seen = join(directory, 'seen');
    const neighbour = beside('./load', `export LEVEL=one\necho $LEVEL >${seen}; sleep 0.05`);
    await start(neighbour);
    try {
      await until('it has run', () => existsSync(seen) && readFileSync(seen, 'utf8') === 'one\n');
      assert.equal((await found(neighbour)).evidence, './load');
    } finally {
      await end(neighbour);
    }
  });

  it('runs over and over from its start to its undo, which leaves nothing', async () => {
    const rounds = join(directory, 'rounds');
    const neighbour = beside(`echo round >>${rounds}; sleep 0.05`);
    assert.equal((await found(neighbour)).ok, false, 'before it is started');
    await start(neighbour);
    try {
      await until('it goes round', () => existsSync(rounds) && readFileSync(rounds).length > 12);
      assert.deepEqual(await found(neighbour), {
        ...{ target: 'guest', claim: 'the neighbour runs', ok: true },
        evidence: `echo round >>${rounds}; sleep 0.05`,
      });
    } finally {
      await end(neighbour);
    }
    assert.equal((await found(neighbour)).ok, false);
    const { length } = readFileSync(rounds);
    await sleep(200);
    assert.equal(readFileSync(rounds).length, length, 'nothing of it runs any more');
    await end(neighbour);
  });

  it('has its command run as it was written, whatever is quoted in it', async () => {
    const file = join(directory, 'it’s "here" $HOME');
    const neighbour = beside(`printf '%s|' "a  b" 'c "d" $e' >'${file}' # and so on\nsleep 60`);
    await start(neighbour);
    try {
      await until('it has begun', () => existsSync(file) && readFileSync(file).length > 0);
      assert.equal(readFileSync(file, 'utf8'), 'a  b|c "d" $e|');
      assert.equal((await found(neighbour)).ok, true);
    } finally {
      await end(neighbour);
    }
  });

  it('is not ended by the undo of another, even of the same command', async () => {
    const [one, two] = [beside('sleep 60'), beside('sleep 60')];
    await start(one);
    await start(two);
    try {
      await end(one);
      assert.deepEqual([(await found(one)).ok, (await found(two)).ok], [false, true]);
    } finally {
      await end(two);
    }
    assert.equal((await found(two)).ok, false);
  });

  it('takes along what its command left in the background, in a session of its own', async () => {
    const alive = join(directory, 'alive');
    const neighbour = beside(`setsid sh -c 'while :; do echo >>${alive}; sleep 0.05; done' & sleep 60`);
    await start(neighbour);
    try {
      await until('it runs', () => existsSync(alive));
    } finally {
      await end(neighbour);
    }
    const { length } = readFileSync(alive);
    await sleep(200);
    assert.equal(readFileSync(alive).length, length);
  });

  for (const [what, command, reason] of [
    [
      'does not exist',
      'vgpubench-no-such-program --busy',
      'ended with exit status 127 \\(no such program\\)',
    ],
    ['fails', 'sleep 0.05; exit 3', 'ended with exit status 3$'],
    ['is no shell text', 'if then (', 'ended with exit status 2$'],
  ] as const)
    it(`whose command ${what} is not there, and says why`, async () => {
      const neighbour = beside(command);
      await start(neighbour);
      try {
        const finding = await foundToBe(neighbour, false);
        assert.equal(finding.claim, 'the neighbour runs');
        assert.match(finding.evidence, new RegExp(reason), what);
      } finally {
        await end(neighbour);
      }
      assert.match((await found(neighbour)).evidence, /^no process/);
    });
});
