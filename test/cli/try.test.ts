/** `try`, on a described Xen host, as a user types it. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, it } from 'node:test';
import { vgpubench } from '../support/cli.ts';
import { experimentIn } from '../support/described/measured.ts';
import { Pvdrm } from '../support/described/pvdrm.ts';
import { describedXen } from '../support/described/suite.ts';

const MODES = `  native: { use: native, on: dom0, driver: nouveau, hypervisor: allowed }
  pvdrm: { use: pvdrm, on: guest1 }`;

describe('try', () => {
  let pvdrm: Pvdrm;
  const xen = describedXen(['guest1'], (host) => (pvdrm = new Pvdrm(host)));
  afterEach(() => {
    pvdrm.faults = {};
    xen.host.reboot();
  });

  it('enters each mode, attests it, takes one sample, leaves, and prints what it saw', async () => {
    const file = experimentIn(xen, { modes: MODES, blocks: 7 });
    const transcript = join(xen.folder, 'sent');
    const { exitCode, stdout, stderr } = await vgpubench(
      ['try', file, '--out', join(xen.folder, 'tried'), '--transcript', transcript],
      xen.folder,
    );
    assert.equal(exitCode, 0, stderr);
    assert.match(stdout, /^native was entered, attested and left\n {2}✓ dom0: a hypervisor is allowed/m);
    assert.match(
      stdout,
      /^pvdrm was entered, attested and left\n {2}✓ dom0: front-end and back-end of guest1 are connected: /m,
    );
    assert.match(stdout, /^ {2}mmul value: 42\.50 GFLOP\/s$/m);
    assert.match(stdout, /^ {2}counted on guest1: .*IOCTL_NOUVEAU_GEM_PUSHBUF 20/m);
    assert.match(stdout, /next: vgpubench run /);
    assert.equal(xen.host.asked.filter((line) => line === 'guest1 mmul 20').length, 1);
    assert.equal(xen.host.store.toString().includes('vdrm'), false, 'it was left');
    const sent = readdirSync(transcript).filter((name) => !name.startsWith('charts'));
    assert.ok(
      sent.includes('results.json') && sent.includes('experiment.yaml') && !sent.includes('journal.jsonl'),
    );
    const all = sent.map((name) => readFileSync(join(transcript, name), 'utf8')).join('\n');
    assert.equal(all.includes(xen.folder), false, 'no path of ours');
    assert.match(all, /Start main loop/);
  });

  it('names what is wrong with one, goes on with the others, and exits with 4', async () => {
    pvdrm.faults = { passedThrough: true };
    xen.host.reboot();
    const file = experimentIn(xen, { modes: MODES });
    const { exitCode, stdout } = await vgpubench(
      ['try', file, '--out', join(xen.folder, 'wrong')],
      xen.folder,
    );
    assert.equal(exitCode, 4);
    assert.match(stdout, /^native was entered, attested and left$/m);
    assert.match(stdout, /^pvdrm was entered, but could not be attested$/m);
    assert.match(stdout, /✗ guest1: it has no NVIDIA device of its own: \/sys\/bus\/pci/);
    assert.match(stdout, /next: vgpubench doctor /);
    assert.equal(existsSync(join(xen.folder, 'wrong/journal.jsonl')), true, 'where restore finds its undos');
  });
});
