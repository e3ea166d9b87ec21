import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { CPU_TIME_SCRIPT, parseCpuTime } from '../../src/environment/cpu-time.ts';
import { ENERGY_SCRIPT } from '../../src/environment/energy.ts';
import { EnergyTree } from '../support/energy-tree.ts';
import { FakeTarget } from '../support/fake-target.ts';
import { session } from '../support/session.ts';

const scratch = mkdtempSync(join(tmpdir(), 'vgpubench-spent-'));
after(() => {
  rmSync(scratch, { recursive: true });
});

describe('the CPU time of a machine', () => {
  it('is what it spent itself: without idling, stolen time, and what it lent to guests', () => {
    // proc(5): user nice system idle iowait irq softirq steal guest guest_nice; guest is in user, guest_nice in nice.
    assert.equal(parseCpuTime('cpu  1000 200 300 9999 88 40 60 77 400 100\n'), 11);
    assert.equal(parseCpuTime('cpu  100 0 100 9999 88 0 0 77\n'), 2);
    for (const text of ['', 'cpu0 1 2 3 4 5 6 7 8', 'cpu  1 2 x 4 5 6 7 8', 'cpu  1 2'])
      assert.equal(parseCpuTime(text), undefined);
  });

  it('is read of this machine by a shell', () => {
    const read = () => parseCpuTime(execFileSync('sh', ['-c', CPU_TIME_SCRIPT], { encoding: 'utf8' }));
    const before = read()!;
    assert.ok(before > 0);
    assert.ok(read()! >= before);
  });
});

describe('a session', () => {
  /** A target that has spent so many more hundredths of a second each time that it is asked. */
  function spending(name: string, each: number): FakeTarget {
    const target = new FakeTarget(name);
    let spent = 0;
    target.answer = (script) =>
      script.startsWith(CPU_TIME_SCRIPT) ? { stdout: `cpu  ${(spent += each)} 0 0 5 0 0 0 0 0 0\n` } : {};
    return target;
  }

  it('notes what each trial cost host and guest, between two readings', async () => {
    const { events, plan } = await session({ bare: spending('bare', 30), guest: spending('guest', 7) });
    const told = events.flatMap((event) => (event.type === 'cpu' ? [event] : []));
    for (const { id, mode } of plan.trials)
      assert.deepEqual(
        told.filter(({ trial }) => trial === id).map(({ target, role, spentS }) => [target, role, spentS]),
        mode === 'native'
          ? [['bare', 'host', 0.3]]
          : [
              ['bare', 'host', 0.3],
              ['guest', 'guest', 0.07],
            ],
      );
  });

  it('notes the energy of each trial where there are counters, and asks for it once a stay where there are none', async () => {
    const machine = new EnergyTree(scratch);
    const bare = new FakeTarget('bare');
    let spent = 90e6;
    bare.answer = (script) => {
      if (!script.startsWith(CPU_TIME_SCRIPT)) return {};
      spent = (spent + 4e6) % 100e6;
      return { stdout: machine.rapl('intel-rapl:0', 'package-0', spent, 100e6).told(script) };
    };
    const guest = spending('guest', 7);
    const { events, record } = await session({ bare, guest });
    const told = events.flatMap((event) => (event.type === 'cpu' ? [event] : []));
    const hosts = told.filter(({ target }) => target === 'bare');
    assert.deepEqual([...new Set(hosts.map(({ energy }) => energy?.cpu))], [4]);
    assert.ok(told.some(({ target, energy }) => target === 'guest' && energy === undefined));
    assert.equal([...record.trials.values()][0]?.cpu.get('bare')?.energy?.cpu, 4);
    const stays = events.filter((event) => event.type === 'attested' && event.when === 'before').length;
    const asked = guest.asked.filter((script) => script.includes(ENERGY_SCRIPT)).length;
    assert.ok(asked > 0 && asked <= stays, `${asked} in ${stays} stays`);
  });

  it('notes nothing of a target that does not tell', async () => {
    const { events, ended } = await session();
    assert.equal(ended, 'completed');
    assert.ok(events.every(({ type }) => type !== 'cpu'));
  });
});
