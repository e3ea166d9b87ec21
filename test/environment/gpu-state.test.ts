import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { MACHINE_STATE_SCRIPT, parseMachineState } from '../../src/environment/gpu-state.ts';

const lines = (...all: readonly string[]) => all.map((line) => `${line}\n`).join('');

describe('the state of a machine with a GPU', () => {
  for (const sh of [['dash'], ['bash', '--posix'], ['busybox', 'sh']])
    it(`is asked for by ${sh.join(' ')} without a word on stderr`, () => {
      const [program = '', ...args] = sh;
      const read = execFileSync(program, [...args, '-c', `{ ${MACHINE_STATE_SCRIPT}\n} 2>&1`], {
        encoding: 'utf8',
        // Not a pipe, of which bash takes that it was started by sshd, and does what the user's .bashrc says.
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const { newestLine } = parseMachineState(read);
      assert.doesNotMatch(read, /not found|syntax|denied/i);
      // Whether the log may be read is the machine's to say; that it is no text is ours.
      assert.ok(newestLine === null || newestLine >= 0);
    });

  it('of Intel’s has clocks, limits and what holds it back', () => {
    const [gpu] = parseMachineState(
      lines('gpu\tcard0\t.', 'clock\tcard0\t1150', 'most-clock\tcard0\t1200', 'throttle\tcard0\t1'),
    ).gpus;
    assert.deepEqual(
      [gpu?.device, gpu?.clockMhz, gpu?.mostMhz, gpu?.throttled, gpu?.celsius],
      ['card0', 1150, 1200, 'by its firmware', null],
    );
  });

  it('of nouveau’s has its level, the highest that there is, and the clocks of now', () => {
    const levels = (star: string) =>
      parseMachineState(
        lines(
          'gpu\tcard0\t.',
          'pstate\tcard0\t07: core 324 MHz memory 648 MHz',
          `pstate\tcard0\t0a: core 324-862 MHz memory 1620 MHz${star}`,
          'pstate\tcard0\t0f: core 549-1228 MHz memory 5400 MHz',
          'pstate\tcard0\tAC: core 405 MHz memory 648 MHz',
          'lanes\tcard0\t4',
          'most-lanes\tcard0\t16',
          'millicelsius\tcard0\t41000',
          'microwatts\tcard0\t23500000',
        ),
      ).gpus[0];
    const { level, mostLevel, clockMhz, memoryMhz, lanes, mostLanes, celsius, watts } = levels(' AC DC *')!;
    assert.deepEqual(
      [level, mostLevel, clockMhz, memoryMhz, lanes, mostLanes, celsius, watts],
      ['0a', '0f', 405, 648, 4, 16, 41, 23.5],
    );
    assert.equal(levels('')?.level, null, 'never reclocked');
  });

  it('of NVIDIA’s driver has its numbers, and nothing for those that are not to be had', () => {
    const of = (bits: string) =>
      parseMachineState(lines(`nvidia\t\tGPU-5d6f, 1980, 1980, 2619, 34, 120.54, 16, 16, 5, 5, ${bits}`))
        .gpus[0]!;
    const { device, clockMhz, watts, lanes, link, throttled } = of('0x0000000000000001');
    assert.deepEqual(
      [device, clockMhz, watts, lanes, link, throttled],
      ['GPU-5d6f', 1980, 120.54, 16, 'generation 5', ''],
    );
    assert.equal(of('0x0000000000000044').throttled, 'power cap, temperature (hardware)');
    const [none] = parseMachineState(
      lines('nvidia\t\tGPU-1, [N/A], 1980, [N/A], 34, [N/A], 16, 16, 5, 5, [N/A]'),
    ).gpus;
    assert.deepEqual([none?.clockMhz, none?.watts, none?.throttled], [null, null, null]);
  });

  it('has domains’ CPU time, and faults with the number of their line', () => {
    const { domains, faults, newestLine } = parseMachineState(
      lines(
        'domain\tDomain-0\t632.5 all',
        'domain\tDomain-0\t10.0 all',
        'domain\tguest1\t3.0 2-3',
        'domain\tguest1\t4.0 4',
        'fault\t17\tNVRM: Xid (PCI:0000:01:00): 31, Ch 00000010',
        'newest\t\t20',
      ),
    );
    assert.deepEqual(domains, [
      { name: 'Domain-0', cpuS: 642.5, pinned: 'all' },
      { name: 'guest1', cpuS: 7, pinned: '2-3; 4' },
    ]);
    assert.deepEqual(faults, [{ line: 17, text: 'NVRM: Xid (PCI:0000:01:00): 31, Ch 00000010' }]);
    assert.equal(newestLine, 20);
  });

  it('is bounded, and takes no lie for a number', () => {
    const many = Array.from({ length: 5000 }, (_, at) => `gpu\tcard${at}\t.`);
    assert.equal(parseMachineState(lines(...many)).gpus.length, 100);
    const odd = parseMachineState(
      lines(
        'clock\tcard0\t1e9',
        'domain\tx\t-4 all',
        'domain\ty\t4 <b>',
        'newest\t\tNaN',
        'fault\tx\ty',
        '__proto__\tcard0\t1',
        'gpu\t\t.',
      ),
    );
    assert.deepEqual(
      [odd.gpus[0]?.clockMhz, odd.gpus.length, odd.domains, odd.newestLine, odd.faults],
      [null, 1, [], null, []],
    );
  });
});
