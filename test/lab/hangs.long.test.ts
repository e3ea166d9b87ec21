/**
 * Guests of the real Xen that end or hang in mid-trial: one is destroyed, one panics, one hangs in each of its visits.
 * The run ends by itself; what can be had anew is, and what can't is in quarantine.
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { execa } from 'execa';
import { sshConfigFile } from '../../src/lab/boot/ssh-config.ts';
import { labDown } from '../../src/lab/life/down.ts';
import { labUp } from '../../src/lab/life/up.ts';
import { chooseLab, labPaths } from '../../src/lab/paths.ts';
import type { Event } from '../../src/record/event.ts';
import { runExperiment } from '../../src/run/run.ts';
import type { Outcome } from '../../src/run/session.ts';
import { reasons } from '../support/described/measured.ts';
import { testFolder } from '../support/directory.ts';
import { LAB_CACHE as cache, remains } from '../support/lab.ts';

/** Before it asks the GPU for anything, a run waits for the blow that its guest may have, and may wait for ever. */
const WAIT = 'sleep 5; while [ -e /tmp/stuck ]; do sleep 1; done';

const EXPERIMENT = `
name: hangs
baseline: native
targets:
  bare: { lab: bare }
  dom0: { lab: dom0 }
  g1: { lab: g1, host: dom0 }
  g2: { lab: g2, host: dom0 }
  g3: { lab: g3, host: dom0 }
modes:
  native: { use: lab-native, on: bare }
  destroyed: { use: lab-pvdrm, on: g1 }
  panics: { use: lab-forwarding, on: g3 }
  hangs: { use: lab-mediated, on: g2 }
workloads:
  - { use: command, name: nop, run: "${WAIT}; nop 1", metric: &time { name: time, field: totalNs, unit: ns, better: lower } }
  - { use: command, name: loop, run: "${WAIT}; loop 20000", metric: *time }
design: { blocks: 3, warmup: 0, samples: 1, aa: false }
limits: { trial: 15s }
`;

const NAME = 'hangs';

/** What befalls a guest, as root says it on a machine of the lab. */
interface Blow {
  on: string;
  script: string;
}
const DESTROY: Blow = { on: 'dom0', script: 'xl destroy g1' };
/** The kernel's own: it answers to no session any more, so nobody waits for one. */
const PANIC: Blow = { on: 'g3', script: '(sleep 0.3; echo c >/proc/sysrq-trigger) >/dev/null 2>&1 &' };
/** The program alone: it is ended, and its mode entered anew. */
const STICK: Blow = { on: 'g2', script: 'touch /tmp/stuck' };
/** All its processes stop for good, its SSH server too: to be paused and woken does not help it, only to be made anew. */
const HANG: Blow = { on: 'g2', script: '(sleep 0.3; kill -STOP -1) >/dev/null 2>&1 &' };

describe('guests of the real Xen that end or hang in mid-trial', { timeout: 19 * 60_000 }, () => {
  const folder = testFolder();
  const paths = labPaths(cache, NAME);
  const down = () => labDown(() => undefined, paths);
  const events: Event[] = [];
  /** By trial: what came of its blow. */
  const blows = new Map<string, Promise<unknown>>();
  let outcome: Outcome;

  /** What befalls the guest of a trial that has begun: a mode has two of them in a block. */
  function blowFor(trial: string): Blow | undefined {
    const [block = '', mode = ''] = trial.split('.');
    const first = ![...blows.keys()].some((earlier) => earlier.startsWith(`${block}.${mode}.`));
    if (mode === 'hangs') return first ? STICK : HANG;
    if (first && mode === 'destroyed' && block === 'b1') return DESTROY;
    return first && mode === 'panics' && block === 'b2' ? PANIC : undefined;
  }

  const say = (on: string, script: string) =>
    execa('ssh', ['-F', sshConfigFile(paths), `lab-${on}`, script], {
      reject: false,
      stdin: 'ignore',
      timeout: 15_000,
    });

  before(async () => {
    process.env['VGPUBENCH_LAB_CACHE'] = cache;
    chooseLab(NAME);
    await down();
    await labUp(() => undefined, { paths, guests: 3 });
    const file = join(folder, 'experiment.yaml');
    writeFileSync(file, EXPERIMENT);
    const out = join(folder, 'run');
    outcome = await runExperiment(file, {
      out,
      seed: 1,
      observe: () => ({
        see: (event) => {
          events.push(event);
          if (event.type !== 'trial-started') return;
          const blow = blowFor(event.trial);
          if (blow !== undefined) blows.set(event.trial, say(blow.on, blow.script));
        },
        spare: () => undefined,
        close: () => undefined,
      }),
    });
    await Promise.all(blows.values());
  });
  after(async () => {
    await down();
    assert.deepEqual(remains(paths), []);
  });

  const unsuccessful = (mode: string) =>
    outcome.results.unsuccessful
      .filter((one) => one.mode === mode)
      .map(({ trial, outcome: { kind } }) => [trial, kind]);
  const rungsOf = (mode: string) => outcome.results.recovery?.rungs.filter((one) => one.mode === mode) ?? [];
  const helped = (mode: string, rung: string) =>
    rungsOf(mode)
      .filter((one) => one.rung === rung)
      .map(({ ok }) => ok);

  it('let the run end by itself, and cost other modes nothing', () => {
    assert.deepEqual([outcome.reason, outcome.exitCode, outcome.unmade], ['completed', 4, []]);
    assert.deepEqual(reasons(outcome, 'native'), []);
    assert.equal(blows.size, 6, [...blows.keys()].join());
  });

  it('are had anew once they are gone, so that all but the trial they were lost in complete', async () => {
    for (const [mode, block] of [
      ['destroyed', 'b1'],
      ['panics', 'b2'],
    ] as const) {
      const hit = [...blows.keys()].filter((trial) => trial.startsWith(`${block}.${mode}.`));
      assert.deepEqual(
        unsuccessful(mode).map(([trial]) => trial),
        hit,
        reasons(outcome, mode).join(),
      );
      assert.equal(events.filter((event) => isCompleted(event, mode)).length, 5, mode);
      assert.deepEqual(helped(mode, 'end-trial'), [false], 'nobody is there to end it');
      assert.deepEqual(helped(mode, 'enter-anew'), [true]);
    }
    const { stdout } = await say('dom0', 'cat /var/log/xen/xl-g1.log*; echo; cat /var/log/xen/xl-g3.log*');
    assert.match(stdout, /\(domid \d+\) to die[^]*has been destroyed/);
    assert.match(stdout, /has shut down, reason code 3/, 'as Xen knows a crash');
  });

  it('are restarted where they hang, and their mode is in quarantine after two blocks', () => {
    const kinds = unsuccessful('hangs').map(([, kind]) => kind);
    assert.deepEqual(kinds.sort(), ['skipped', 'skipped', ...Array<string>(4).fill('timed-out')]);
    assert.deepEqual(helped('hangs', 'end-trial'), [true, false, true, false]);
    assert.deepEqual(helped('hangs', 'enter-anew'), [true, true]);
    assert.deepEqual(helped('hangs', 'restart-guests'), [true], 'as the second visit begins');
    const why =
      /^hangs is in quarantine, because it hung in 2 consecutive blocks: not finished within 15 s; .* still be running/;
    const { quarantined = {} } = outcome.results.recovery ?? {};
    assert.deepEqual(Object.keys(quarantined), ['hangs']);
    assert.match(quarantined['hangs'] ?? '', why);
    const skipped = reasons(outcome, 'hangs').flatMap((reason) => reason.split(/^skipped: /)[1] ?? []);
    assert.deepEqual(skipped, [quarantined['hangs'], quarantined['hangs']]);
  });

  it('have each rung in the report, with its time', () => {
    const page = readFileSync(join(outcome.directory, 'index.html'), 'utf8');
    const told = page.slice(page.indexOf('Recovery from hangs')).split('</table>')[0] ?? '';
    const rows = told.split('<tr>').slice(2);
    const { rungs = [] } = outcome.results.recovery ?? {};
    assert.equal(rows.length, rungs.length);
    for (const [index, { mode, tookMs }] of rungs.entries()) {
      assert.ok(tookMs > 0);
      assert.match(
        rows[index] ?? '',
        new RegExp(`<td>${mode}</td>[^]*>${(tookMs / 1000).toFixed(1)} s</td>`),
      );
    }
    const summary = readFileSync(join(outcome.directory, 'summary.md'), 'utf8');
    assert.match(summary, /\*\*Quarantine\*\*: hangs is in quarantine/);
  });

  it('are there afterwards, paused, with no boundary left standing', async () => {
    const { stdout, stderr } = await say('dom0', 'xl list; cat /run/vgpu/mode');
    for (const guest of ['g1', 'g2', 'g3']) assert.match(stdout, new RegExp(`^${guest} .*--p---`, 'm'));
    assert.match(stderr, /No such file/);
  });
});

function isCompleted(event: Event, mode: string): boolean {
  return (
    event.type === 'trial-ended' && event.trial.split('.')[1] === mode && event.outcome.kind === 'completed'
  );
}
