/** What pvdrm crosses on the lab's real Xen, object by object, and what a boundary crosses once all is bound. */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { difference } from '../../src/mode/counters.ts';
import { testFolder } from '../support/directory.ts';
import { machine } from '../support/lab-machine.ts';
import { withLab } from '../support/lab-up.ts';

const counts = z.record(z.string(), z.number());
type Counts = z.infer<typeof counts>;
const line = z.object({ check: z.literal('ok'), crossings: counts, hypercalls: counts });
const rounds = z.array(line.extend({ coldCrossings: counts, coldHypercalls: counts }));

const DAEMON = '$(cat /run/vgpu/daemon.pid)';

describe("pvdrm on the lab's real Xen", { timeout: 15 * 60_000 }, () => {
  const folder = testFolder();
  const lab = withLab('pvdrm', 1);
  const dom0 = machine('dom0', lab, folder);
  const guest = machine('g1', lab, folder);
  after(() => Promise.all([dom0.leave(), guest.leave()]));
  const jsonOf = (said: string): unknown[] => said.split('\n').map((text) => JSON.parse(text) as unknown);
  const enter = async (mode: string, option = '', hostOption = ''): Promise<void> => {
    await dom0.tell(`vgpu-mode ${mode} ${hostOption} g1`);
    await guest.tell(`vgpu-mode ${mode} ${option}`);
  };
  const assertCountedAlike = async (): Promise<void> => {
    const both = z.record(z.string(), counts);
    const [seen, served] = [await guest.tell('vgpu-counters'), await dom0.tell('vgpu-counters')];
    assert.deepEqual(both.parse(JSON.parse(served))['g1'], both.parse(JSON.parse(seen))['guest']);
  };
  /** Of the rounds after the first one, which are alike. */
  const steady = async (program: string) => {
    const lines = rounds.parse(jsonOf(await guest.tell(program)));
    const [first] = lines;
    assert.ok(first !== undefined, program);
    for (const { crossings, hypercalls } of lines)
      assert.deepEqual([crossings, hypercalls], [first.crossings, first.hypercalls], program);
    return first;
  };

  it('saves with the cache of pvdrm what objects mapped again cost, and nothing for others', async () => {
    const programs = [0, 1].flatMap((extra) => [5, 5, 10, 10].map((objects) => `gem ${objects} 1 ${extra}`));
    /** Crossings per object, from the second run on: of what is mapped, and of what never is. */
    const perObject = async (option: string): Promise<[Counts, Counts]> => {
      await enter('pvdrm', option);
      const all = z.array(line).parse(jsonOf(await guest.tell(programs.join('; '))));
      const fifth = (ten?: z.infer<typeof line>, five?: z.infer<typeof line>): Counts =>
        per(5, difference(ten?.crossings ?? {}, five?.crossings ?? {}));
      return [fifth(all[3], all[1]), fifth(all[7], all[5])];
    };
    const anew = { gemNew: 1, gemClose: 1 };
    const pooled = { fromGlobal: 1, gemInfo: 1, gemClose: 1 };
    assert.deepEqual(await perObject('cache=0'), [{ ...anew, mmap: 1, cpuPrep: 1, fault: 1 }, anew]);
    assert.deepEqual(await perObject('cache=1'), [{ ...pooled, cpuPrep: 1 }, pooled]);
    await dom0.tell('vgpu-mode none');
  });

  it('pays in pvdrm for a cache that is cold', async () => {
    await enter('pvdrm', 'cache=0');
    const without = total(await guest.tell('cpy 64'));
    await enter('pvdrm', 'cache=1');
    const [cold, warm] = [total(await guest.tell('cpy 64')), total(await guest.tell('cpy 64'))];
    assert.equal(cold - without, 3, 'the page of fences and two bounce buffers get their global names');
    assert.ok(warm < without, `${warm} crossings of a warm cache, ${without} without any`);
  });

  it('crosses in a round of pvdrm for what is made anew, and maps only that, by the grants of dom0', async () => {
    const mapped = { grantMap: 1, grantUnmap: 1, pagesGrantMapped: 16, pagesGrantUnmapped: 16 };
    const anew = { gemNew: 1, mmap: 1, cpuPrep: 1, fault: 1, gemClose: 1 };
    const pooled = { fromGlobal: 1, gemInfo: 1, cpuPrep: 1, gemClose: 1 };
    for (const [option, fresh, crossed, hypercalls] of [
      ['cache=0', 100, anew, mapped],
      ['cache=0', 50, half({ ...anew, cpuPrep: 2 }), half(mapped)],
      ['cache=0', 0, { cpuPrep: 1 }, {}],
      ['cache=1', 100, pooled, {}],
      ['cache=1', 50, half({ ...pooled, cpuPrep: 2 }), {}],
      ['cache=1', 0, { cpuPrep: 1 }, {}],
    ] as const) {
      await enter('pvdrm', option);
      const round = await steady(`gem rounds=2 fresh=${fresh} 20`);
      assert.deepEqual(per(20, round.crossings), crossed, `${option} fresh=${fresh}`);
      assert.deepEqual(per(20, round.hypercalls), hypercalls, `${option} fresh=${fresh}`);
      await assertCountedAlike();
    }
  });

  it('maps in pvdrm objects of VRAM by dom0, a page at a time, and all others by the guest, from the memory of dom0', async () => {
    await enter('pvdrm', 'cache=1');
    const { hypercalls } = line.parse(JSON.parse(await guest.tell('cpy 16')));
    const [vram, shared] = [4, 1 + 512];
    assert.deepEqual(hypercalls, {
      ...{ hypercallMap: vram, pagesMapped: vram, hypercallUnmap: 1, pagesUnmapped: vram },
      ...{ grantMap: 2, pagesGrantMapped: shared },
    });
    const account = z.object({ domains: z.array(z.object({ ioMemoryPages: z.number() })) });
    const { domains } = account.parse(JSON.parse(await dom0.tell('vgpu-attest')));
    assert.deepEqual(domains, [{ ioMemoryPages: 0 }], 'what the pool keeps is no memory of the GPU');
    // All of the GPU is mapped while the pool is: the two are not at the same place.
    await enter('passthrough');
    await assertCountedAlike();
    await dom0.tell('vgpu-mode none');
  });

  it('keeps the memory that its GPU reaches where a back-end of pvdrm is killed, until the GPU is reset', async () => {
    await enter('pvdrm', 'cache=0');
    await guest.tell('cpy 64');
    const left = "ps | grep -c '[p]vdrm-back' || :";
    assert.equal(await dom0.tell(left), '2', 'the back-end, and what keeps its memory');
    const comesTo = (count: number) =>
      `i=0; while n=$(${left}); [ "$n" != ${count} ] && [ $i -lt 60 ]; do i=$((i + 1)); sleep 0.5; done; echo $n`;
    assert.equal(await dom0.tell(`kill -9 ${DAEMON}; ${comesTo(1)}`), '1');
    await dom0.tell('vgpu-mode none');
    assert.equal(await dom0.tell(comesTo(0)), '0');
    await enter('pvdrm', 'cache=0');
    line.parse(JSON.parse(await guest.tell('cpy 64')));
    await dom0.tell('vgpu-mode none');
    assert.equal(await dom0.tell(left), '0');
  });

  it('crosses once all is bound for its launches alone', async () => {
    await enter('mediated');
    const copies = await steady('cpy rounds=3 64');
    assert.deepEqual(copies.crossings, { tailWrite: 2 });
    assert.ok((copies.coldCrossings['gttWrite'] ?? 0) >= 16, 'the first round binds its pages');
    await enter('pvdrm');
    assert.deepEqual((await steady('nop rounds=3 10')).crossings, { pushbuf: 30 });
    assert.deepEqual((await steady('churn rounds=3 fresh=0 20 1 1')).crossings, {});
    const pinned = await steady('pincpy rounds=3 64');
    assert.deepEqual([pinned.crossings, pinned.hypercalls], [{ cpuPrep: 2, pushbuf: 6 }, {}]);
    await assertCountedAlike();
  });

  it('has programs of a guest side by side in pvdrm, with all slots under way, and one that is killed', async () => {
    await enter('pvdrm', 'cache=1');
    await dom0.tell(`kill -STOP ${DAEMON}`);
    // Eighteen want a slot, of which there are sixteen, and nobody serves them.
    const started = `for each in $(seq 6); do for program in 'gem 5' 'nop 3' 'mmul 16'; do
      $program >/tmp/$each.\${program%% *} 2>&1 & done; done; sleep 4; kill -9 $!`;
    const held = 'vgpu-attest | sed \'s/.*"mostSlots":\\([0-9]*\\).*/\\1/\'';
    const resumed = sleep(9000).then(() => dom0.tell(`kill -CONT ${DAEMON}`));
    const [most = '', ...lines] = (await guest.tell(`${started}; ${held}; wait; cat /tmp/[1-6].*`)).split(
      '\n',
    );
    await resumed;
    assert.equal(most, '16');
    assert.equal(lines.length, 17);
    for (const text of lines) assert.equal(line.parse(JSON.parse(text)).check, 'ok');
    // Whoever comes next ends what the killed one left: only then is all of it counted on both sides.
    await guest.tell('nop 1');
    await assertCountedAlike();
    await guest.tell('churn rounds=3 programs=3 30');
    await assertCountedAlike();
  });

  it('leaves dom0 its CPU while nothing is asked of a back-end of pvdrm that rests', async () => {
    await enter('pvdrm', 'cache=0', 'rest=1');
    await guest.tell('nop 1');
    const naps = `cat /proc/${DAEMON}/task/*/status | awk '/^vol/ { n += $2 } END { print n }'`;
    const [from = 0, to = 0] = (await dom0.tell(`sleep 3; ${naps}; sleep 2; ${naps}`))
      .split('\n')
      .map(Number);
    assert.ok(from > 0, 'its threads are there');
    assert.ok(to - from < 2000, `${to - from} naps in two seconds: at rest some 900, awake 11,000`);
    await enter('pvdrm', 'cache=0');
    const [awake = 0, later = 0] = (await dom0.tell(`sleep 1; ${naps}; sleep 2; ${naps}`))
      .split('\n')
      .map(Number);
    assert.ok(
      later - awake > 2 * (to - from),
      `${later - awake} naps where it does not rest, ${to - from} where it does`,
    );
    await dom0.tell('vgpu-mode none');
  });
});

function total(said: string): number {
  return Object.values(line.parse(JSON.parse(said)).crossings).reduce((sum, count) => sum + count, 0);
}

function per(objects: number, all: Counts): Counts {
  return Object.fromEntries(Object.entries(all).map(([kind, count]) => [kind, count / objects]));
}

function half(all: Counts): Counts {
  return per(2, all);
}
