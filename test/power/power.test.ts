/** How guests are started and stopped: the scripts, run by a real sh. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { parseExperiment } from '../../src/experiment/load.ts';
import { powerOf } from '../../src/power/kinds.ts';
import { problemOf } from '../support/problem.ts';

describe('power by commands of the user’s own', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vgb-test-'));
  after(() => {
    rmSync(folder, { recursive: true });
  });
  const [on, ran] = [join(folder, 'on'), join(folder, 'ran')];
  const power = powerOf(
    {
      use: 'custom',
      start: `touch ${on}; echo start >>${ran} # and no more`,
      shutdown: `echo shutdown >>${ran}; false`,
      destroy: `rm ${on}; echo destroy >>${ran}`,
      status: `test -e ${on}`,
      ready: 1000,
    },
    'guest1',
  );
  const sh = (script: string) => spawnSync('sh', ['-c', script]).status;

  it('starts what is off, and ends what is on: running it twice does no harm', () => {
    for (const script of [power.destroy, power.start, power.start]) assert.equal(sh(script), 0, script);
    assert.equal(sh(power.running), 0);
    assert.equal(readFileSync(ran, 'utf8'), 'start\n');
  });

  it('ends what does not shut down by itself', () => {
    assert.equal(sh(power.shutdown), 0);
    assert.equal(sh(power.shutdown), 0);
    assert.notEqual(sh(power.running), 0);
    assert.equal(existsSync(on), false);
    assert.equal(readFileSync(ran, 'utf8'), 'start\nshutdown\ndestroy\n');
  });
});

describe('power by xl', () => {
  it('is well-formed for any name, and adds settings to a start', () => {
    const power = powerOf({ use: 'xl', config: "/etc/xen/a b's.cfg", ready: 1000 }, '0-a.b');
    const scripts = [
      power.start,
      power.shutdown,
      power.destroy,
      power.running,
      power.startWith?.(['vgt=1']) ?? '',
    ];
    for (const script of scripts) execFileSync('sh', ['-n', '-c', script]);
    assert.match(power.startWith?.(['vgt=1']) ?? '', / xl create '\/etc\/xen\/a b'\\''s\.cfg' vgt=1$/);
    const { has = '', start = '' } = power.lend?.([{ pci: '0000:01:00.0', permissive: true }]) ?? {};
    for (const script of [has, start]) execFileSync('sh', ['-n', '-c', script]);
    assert.match(start, / xl create \S.* 'pci=\["0000:01:00\.0,permissive=1"\]'$/);
    assert.match(power.console ?? '', /guest-0-a\.b\.log/);
  });
});

describe('power in an experiment file', () => {
  const file = (targets: string, modes: string) =>
    parseExperiment(
      `name: x\ntargets: { dom0: { ssh: d }, ${targets} }\nmodes: { native: { use: native, on: dom0 }, ${modes} }\nworkloads: [{ use: clpeak }]\n`,
      'x.yaml',
    );
  const found = (targets: string, modes: string) =>
    problemOf(() => file(targets, modes)).details?.join('\n') ?? '';
  const POWER = 'power: { use: xl, config: /etc/xen/g.cfg }';

  it('has two minutes to answer by default', () => {
    const { targets } = file(`g: { ssh: g, host: dom0, ${POWER} }`, 'a: { use: native, on: g }');
    assert.deepEqual(targets['g']?.power, { use: 'xl', config: '/etc/xen/g.cfg', ready: 120_000 });
  });

  it('needs a host, and a mode that starts guests needs power', () => {
    assert.match(found(`g: { ssh: g, ${POWER} }`, 'a: { use: native, on: g }'), /key host next to power/);
    assert.match(
      found('g: { ssh: g, host: dom0 }', 'a: { use: pvdrm, on: g }'),
      /key power, because mode a restarts its guest when it is left, such as power: \{ use: xl/,
    );
    assert.match(
      found('g: { ssh: g, host: dom0, power: { use: xl, config: g.cfg } }', 'a: { use: native, on: g }'),
      /absolute path/,
    );
  });

  it('refuses what its tool would take for something else', () => {
    const entry = (power: string) => `g: { ssh: g, host: dom0, power: { ${power} } }`;
    const mode = 'a: { use: native, on: g }';
    const refusals: [string, RegExp][] = [
      ['use: virsh, connect: system', /a libvirt URI, such as qemu:\/\/\/system/],
      ['use: qmp, socket: g.qmp, start: s', /an absolute path/],
      ['use: qmp, socket: "/run/g,fork", start: s', /an absolute path of letters/],
      [`use: qmp, socket: /${'g'.repeat(107)}, start: s`, /at most 107/],
      ['use: qmp, socket: /run/g.qmp', /start/],
    ];
    for (const [power, why] of refusals) assert.match(found(entry(power), mode), why);
    for (const power of [
      'use: virsh',
      'use: virsh, connect: "qemu+ssh://root@h/system"',
      `use: qmp, socket: /${'g'.repeat(106)}, start: s`,
    ])
      assert.doesNotThrow(() => file(entry(power), mode));
  });
});
