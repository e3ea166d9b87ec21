/** From one boundary of a lab that is up to the next: in one step, and whatever was killed on the way. */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { difference } from '../../src/mode/counters.ts';
import { testFolder } from '../support/directory.ts';
import { type Machine, machine } from '../support/lab-machine.ts';
import { withLab } from '../support/lab-up.ts';

const MODES = ['passthrough', 'mediated', 'emulation', 'pvdrm', 'forwarding'];

const counts = z.record(z.string(), z.record(z.string(), z.number()));
const account = z.object({ domains: z.array(z.object({ name: z.string(), ioMemoryPages: z.number() })) });

/** A way that goes from each mode to each, itself included, once. */
function everyStep(modes: readonly string[]): string[] {
  const left = new Map(modes.map((mode) => [mode, [...modes]]));
  const circuit = (from: string): string[] => {
    const way = [from];
    for (let next = left.get(from)?.pop(); next !== undefined; next = left.get(next)?.pop()) way.push(next);
    return way;
  };
  const [first = ''] = modes;
  let way = circuit(first);
  for (let at = way.findIndex((mode) => left.get(mode)?.length); at >= 0;) {
    way = [...way.slice(0, at), ...circuit(way[at] ?? ''), ...way.slice(at + 1)];
    at = way.findIndex((mode) => left.get(mode)?.length);
  }
  return way;
}

describe('the boundaries of a lab that is up', { timeout: 15 * 60_000 }, () => {
  const folder = testFolder();
  const lab = withLab('switches', 1);
  const dom0 = machine('dom0', lab, folder);
  const guest = machine('g1', lab, folder);
  after(() => Promise.all([dom0.leave(), guest.leave()]));
  const right = '{ mmul 8 | grep -o \'"check":"ok"\'; }';
  const domains = async (): Promise<string> =>
    /^domains\t(.*)$/m.exec(await dom0.tell('vgpu-facts g1'))?.[1] ?? '';

  it('goes from each mode to each other in one step, with right results, counted alike on both sides', async () => {
    const crossed = async (where: Machine, who: string) =>
      counts.parse(JSON.parse(await where.tell('vgpu-counters')))[who] ?? {};
    const way = everyStep(MODES);
    assert.equal(way.length, MODES.length ** 2 + 1);
    await dom0.tell('vgpu-mode forwarding g1');
    const before = [await crossed(guest, 'guest'), await crossed(dom0, 'g1')] as const;
    for (const [index, mode] of way.entries()) {
      await dom0.tell(`vgpu-mode ${mode} g1`);
      assert.equal(
        await guest.tell(`vgpu-mode ${mode} && ${right}`),
        '"check":"ok"',
        `${way[index - 1] ?? 'none'} to ${mode}`,
      );
    }
    const made = difference(await crossed(guest, 'guest'), before[0]);
    assert.ok((made['total'] ?? 0) > 0);
    assert.deepEqual(difference(await crossed(dom0, 'g1'), before[1]), made);
  });

  it('takes back what a daemon that is killed has left a guest of the GPU', async () => {
    for (const mode of ['mediated', 'emulation', 'pvdrm', 'forwarding']) {
      await dom0.tell(`vgpu-mode ${mode} g1`);
      await guest.tell(`vgpu-mode ${mode} && ${right}`);
      await dom0.tell('kill -9 $(cat /run/vgpu/daemon.pid); vgpu-mode forwarding g1');
      const { said } = await guest.ask(`vgpu-mode forwarding && ${right}; vgpu-facts register`);
      assert.match(said, /^"check":"ok"$/m, mode);
      assert.match(said, /^register\t0xFFFFFFFF$/m, `${mode}: registers are neither mapped nor trapped`);
      const [of] = account.parse(JSON.parse(await dom0.tell('vgpu-attest'))).domains;
      assert.deepEqual(of, { name: 'g1', ioMemoryPages: 0 }, mode);
    }
  });

  it('finds its way where vgpu-mode itself was killed, at any time', async () => {
    for (const [index, mode] of [...MODES, ...MODES].entries()) {
      const killed = `vgpu-mode ${mode} g1 & sleep ${(index * 0.02).toFixed(2)}; kill -9 $!; wait $! 2>/dev/null`;
      await dom0.tell(`${killed}; vgpu-mode pvdrm g1`);
      assert.equal(await guest.tell(`vgpu-mode pvdrm && ${right}`), '"check":"ok"', killed);
      const daemons = await dom0.tell(`cat /proc/[0-9]*/comm | grep -cE '^(mediator|pvdrm-back|forwarder)$'`);
      assert.equal(daemons, '1', killed);
    }
  });

  it('has a guest answer that was at work in the mode before', async () => {
    for (const mode of ['emulation', 'mediated', 'pvdrm', 'forwarding']) {
      await dom0.tell(`vgpu-mode ${mode} g1`);
      const work = 'while [ -f /tmp/work ]; do cpy 4; done >/dev/null 2>&1 </dev/null &';
      await guest.tell(`vgpu-mode ${mode}; touch /tmp/work; ${work} sleep 0.3`);
      await dom0.tell('vgpu-mode passthrough g1');
      // It waits for what will not come, and has the GPU meanwhile; one that hangs in an access could not be ended.
      await guest.tell('rm /tmp/work; killall -9 cpy || :');
      assert.equal(await guest.tell(`vgpu-mode passthrough && ${right}`), '"check":"ok"', mode);
    }
  });

  it('runs a guest that was paused more than once, and pauses none twice', async () => {
    await dom0.tell('xl pause g1; xl pause g1; vgpu-mode forwarding g1');
    assert.equal(await domains(), 'g1:running');
    await dom0.tell('vgpu-mode none; vgpu-mode none; xl unpause g1');
    assert.equal(await domains(), 'g1:running');
  });

  it('says what is wrong before anything is changed', async () => {
    await dom0.tell('vgpu-mode passthrough g1');
    for (const [command, words] of [
      ['vgpu-mode', /^usage, in dom0:/],
      [
        'vgpu-mode pasthrough g1',
        /there is no mode pasthrough\n.*\n.*vgpu-mode none\n +vgpu-mode passthrough GUEST\n/,
      ],
      ['vgpu-mode mediated', /needs the name of a guest: mediated/],
      ['vgpu-mode mediated g9', /there is no guest g9/],
      ['vgpu-mode mediated g1 g1', /twice the same guest: g1/],
      ['vgpu-mode mediated cache=1 g1', /there is no option cache=1/],
      ['vgpu-mode passthrough g1 g2', /too many guests for passthrough/],
      ['vgpu-mode none g1', /none takes no g1/],
    ] as const) {
      const { said, status } = await dom0.ask(command);
      assert.equal(status, 2, command);
      assert.match(said, words);
      assert.equal(await dom0.tell('cat /run/vgpu/mode'), 'passthrough g1', command);
    }
    const early = await guest.ask('vgpu-mode pvdrm');
    assert.equal(early.status, 1);
    assert.match(early.said, /there is no back-end: first, in dom0, vgpu-mode pvdrm GUEST/);
    const unknown = await guest.ask('vgpu-mode mediatd');
    assert.match(
      unknown.said,
      /there is no mode mediatd\nusage: vgpu-mode none\|native\|passthrough\|mediated/,
    );
  });

  it('tells the last that a daemon said where it does not serve, and leaves no boundary standing', async () => {
    const { said, status } = await dom0.ask('vgpu-mode mediated slice=900 g1');
    assert.equal(status, 1);
    assert.match(said, /^vgpu-mode: mediator ended: usage: mediator /);
    assert.match(await dom0.tell('vgpu-facts g1'), /^mode\tnone\ndomains\tg1:paused\n/);
  });

  it('makes a guest anew that is gone, and it answers', async () => {
    await guest.leave();
    await dom0.tell('vgpu-mode mediated g1; xl destroy g1; vgpu-facts g1');
    assert.equal(await domains(), '');
    await dom0.tell('vgpu-mode pvdrm g1');
    assert.equal(await domains(), 'g1:running');
    const works = () => guest.ask(`vgpu-mode pvdrm && ${right}`);
    let { said } = await works();
    for (let tries = 0; tries < 30 && said === ''; tries++) {
      await sleep(2000);
      ({ said } = await works());
    }
    assert.equal(said, '"check":"ok"', 'its SSH server is reached once it has booted');
  });
});
