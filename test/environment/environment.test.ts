import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import {
  FINGERPRINT_SCRIPT,
  fingerprintScript,
  parseFingerprint,
} from '../../src/environment/fingerprint.ts';
import { NOISE_SCRIPT, noiseBetween, notableNoise, parseNoise } from '../../src/environment/noise.ts';

const run = (script: string) => execFileSync('sh', ['-c', script], { encoding: 'utf8' });

describe('the fingerprint of a target', () => {
  it('is read by any POSIX shell on Linux', () => {
    const facts = parseFingerprint(run(FINGERPRINT_SCRIPT));
    assert.match(facts['kernel'] ?? '', /^Linux /);
    assert.ok(Number(facts['cpus']) > 0);
    assert.match(facts['memory'] ?? '', /^\d+ kB$/);
  });

  for (const shell of ['sh', 'bash'])
    it(`has a digest of each workload’s program, by ${shell}, one for a file of several names`, () => {
      const folder = mkdtempSync(join(tmpdir(), 'vgb-digests-'));
      try {
        for (const name of ['mmul', 'other']) writeFileSync(join(folder, name), name, { mode: 0o755 });
        symlinkSync('mmul', join(folder, 'link'));
        writeFileSync(join(folder, 'large'), '', { mode: 0o755 });
        truncateSync(join(folder, 'large'), 2 ** 27);
        const log = join(folder, 'log');
        const counting = `sha256sum() { echo >>'${log}'; command sha256sum; }\n`;
        const programs = ['./mmul', './link', './absent', './large', './other', './mmul'].map(
          (program, at) => ({
            ...{ workload: `w${at}`, program },
            directory: at === 5 ? undefined : folder,
          }),
        );
        const script = counting + fingerprintScript([...programs, { workload: 'shell', program: shell }]);
        const facts = parseFingerprint(
          execFileSync(shell, ['-c', script], { encoding: 'utf8', cwd: folder }),
        );
        const digest = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16);
        const told = Object.entries(facts).filter(([name]) => /^program w/.test(name));
        assert.deepEqual(Object.fromEntries(told), {
          'program w0': digest('mmul'),
          'program w1': digest('mmul'),
          'program w4': digest('other'),
          'program w5': digest('mmul'),
        });
        assert.match(facts['program shell'] ?? '', /^[0-9a-f]{16}$/);
        assert.equal(
          readFileSync(log, 'utf8').length,
          4,
          'once for mmul and its link, other, mmul, and the shell',
        );
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });

  it('has the packages of the GPU’s userspace driver that are installed, by name and version', () => {
    const folder = mkdtempSync(join(tmpdir(), 'vgb-packages-'));
    try {
      const told = (lines: string) => {
        writeFileSync(join(folder, 'dpkg-query'), `#!/bin/sh\nprintf '${lines}'\nexit 1\n`, { mode: 0o755 });
        return parseFingerprint(run(`PATH='${folder}':$PATH\n${FINGERPRINT_SCRIPT}`))['driver packages'];
      };
      // As Debian 12's dpkg-query 1.21.22 prints them; it exits with 1 where one is not known.
      const some =
        'installed libgl1-mesa-dri 22.3.6-1+deb12u1\\nnot-installed mesa-opencl-icd \\ninstalled pocl-opencl-icd 3.1-3+deb12u1\\n';
      assert.equal(told(some), 'libgl1-mesa-dri 22.3.6-1+deb12u1, pocl-opencl-icd 3.1-3+deb12u1');
      assert.equal(told('not-installed mesa-opencl-icd \\n'), undefined);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('leaves out what could not be had, and lines that are no facts', () => {
    assert.deepEqual(parseFingerprint('kernel\tLinux 6\nxen\t.\nnonsense\n\nos\tDebian\n'), {
      kernel: 'Linux 6',
      os: 'Debian',
    });
  });

  it('is bounded, however much a guest says', () => {
    const facts = Object.entries(parseFingerprint(`${'n'.repeat(500)}\t${'v'.repeat(5000)}`));
    assert.deepEqual(
      facts.map(([name, value]) => [name.length, value.length]),
      [[60, 400]],
    );
  });

  it('can’t reach beyond its own facts', () => {
    const facts = parseFingerprint('__proto__\tx\nconstructor\ty\n');
    assert.equal(Object.getPrototypeOf(facts), Object.prototype);
    assert.equal(facts['constructor'], 'y');
  });
});

describe('noise', () => {
  const text = (load: string, cpu: string, throttled = '', clocksource = '') =>
    `${load} 0.5 0.4 1/100 5\n${cpu}\nthrottled ${throttled}\nclocksource ${clocksource}\n`;

  it('is read by any POSIX shell on Linux', () => {
    const reading = parseNoise(run(NOISE_SCRIPT));
    assert.ok(reading && reading.cpuTotal > 0 && reading.load1 >= 0);
    const source = readFileSync('/sys/devices/system/clocksource/clocksource0/current_clocksource', 'utf8');
    assert.equal(reading.clocksource, source.trim());
    const up = Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]);
    assert.ok(reading.uptimeS !== null && reading.uptimeS <= up && reading.uptimeS > up - 60);
  });

  it('is the load, the share of CPU time that the hypervisor kept, and the times it was throttled', () => {
    const before = parseNoise(text('1.50', 'cpu  100 0 100 700 50 0 0 50 9 9', '3'));
    const after = parseNoise(text('2.25', 'cpu  150 0 100 710 50 0 0 90 9 9', '5'));
    assert.deepEqual(before, {
      load1: 1.5,
      cpuTotal: 1000,
      cpuSteal: 50,
      throttled: 3,
      clocksource: null,
      uptimeS: null,
    });
    assert.ok(after);
    assert.deepEqual(noiseBetween(before, after), { load1: 2.25, stealShare: 0.4, throttled: 2 });
  });

  it('has no throttling where the kernel does not tell, and no share where no time went by', () => {
    const reading = parseNoise(text('0', 'cpu  1 2 3 4 5 6 7 8'));
    assert.ok(reading);
    assert.equal(reading.throttled, null);
    assert.deepEqual(noiseBetween(reading, reading), { load1: 0, stealShare: 0, throttled: null });
  });

  it('has the clocksource, as far as the kernel tells one', () => {
    const source = (said: string) => parseNoise(text('0', 'cpu  1 2 3 4 5 6 7 8', '', said))?.clocksource;
    assert.deepEqual([source('tsc'), source(''), source('two words')], ['tsc', null, null]);
    assert.equal(source('x'.repeat(500))?.length, 40);
  });

  it('has no steal below 0, which a guest that was moved may show', () => {
    const [before, after] = [50, 40].map((steal) =>
      parseNoise(text('0', `cpu  1 2 3 ${steal} 5 6 7 ${steal}`)),
    );
    assert.ok(before && after);
    assert.equal(noiseBetween(before, { ...after, cpuTotal: before.cpuTotal + 100 }).stealShare, 0);
  });

  it('has no throttling between two readings of which one is silent', () => {
    const [loud, silent] = [
      parseNoise(text('0', 'cpu  1 2 3 4 5 6 7 8', '3')),
      parseNoise(text('0', 'cpu  1 2 3 4 5 6 7 8')),
    ];
    assert.ok(loud && silent);
    assert.deepEqual(
      [noiseBetween(loud, silent).throttled, noiseBetween(silent, loud).throttled],
      [null, null],
    );
  });

  it('is nothing where a target has no /proc, or lies', () => {
    for (const said of [
      '',
      'x\ny\nz',
      text('1', 'cpu0 1 2 3 4 5 6 7 8'),
      text('1', 'cpu  1 2 3'),
      text('a', 'cpu  1 2 3 4 5 6 7 8'),
      text('1', 'cpu  1 2 3 4 5 6 7 x'),
      text('1', 'cpu  1 2 3 4 5 6 7'),
    ])
      assert.equal(parseNoise(said), undefined, said);
  });
});

describe('what is notable of several targets’ noise', () => {
  const quiet = { load1: 0, stealShare: 0.01, throttled: 0 };

  it('is nothing where all were quiet, and one line for what they share', () => {
    assert.deepEqual(notableNoise([{ name: 'a', ...quiet }]), []);
    const stolen = { ...quiet, stealShare: 0.243 };
    assert.deepEqual(
      notableNoise([
        { name: 'a', ...stolen },
        { name: 'b', ...quiet },
        { name: 'c', ...stolen, stealShare: 0.26, throttled: 2 },
      ]),
      [
        'a hypervisor withheld 24%, 26% of the CPU time of a, c (steal), and times include waiting for a CPU. Give it dedicated CPUs, or stop other load on its host',
        'the CPU of c was throttled 2 times because of heat. Cool it, or cap its clock for all modes (cpupower frequency-set --max)',
      ],
    );
  });

  it('is more than a twentieth of the CPU time, and each throttling', () => {
    const of = (noise: Partial<typeof quiet>) => notableNoise([{ name: 'a', ...quiet, ...noise }]);
    assert.deepEqual(of({ stealShare: 0.05 }), []);
    assert.match(of({ stealShare: 0.0501 }).join(), /^a hypervisor withheld 5% of the CPU time of a /);
    assert.deepEqual(
      notableNoise([{ name: 'a', ...quiet, stealShare: 0.5 }], 0.6),
      [],
      'where a mode takes more',
    );
    assert.match(of({ throttled: 1 }).join(), /^the CPU of a was throttled 1 times /);
    assert.deepEqual(notableNoise([{ name: 'a', ...quiet, throttled: null }]), []);
  });
});
