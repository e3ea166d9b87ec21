/** Plans of machines that are booted in more than one way. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseExperiment } from '../../src/experiment/load.ts';
import { planText } from '../../src/cli/terminal/plan-text.ts';
import { bootsPlanned } from '../../src/plan/machine-boots.ts';
import { makePlan, visits } from '../../src/plan/plan.ts';
import type { Problem } from '../../src/problem.ts';

const TWO = `name: two
machines:
  nv: { boots: { bare: grub-reboot bare, xen: grub-reboot xen }, ready: 4m }
  igd: { boots: { bare: a, xen: b } }
targets:
  bare: { ssh: nv, machine: nv, boot: bare }
  dom0: { ssh: nv, machine: nv, boot: xen }
  guest: { ssh: guest, host: dom0, power: { use: xl, config: /etc/xen/guest.cfg } }
  bare-i: { ssh: igd, machine: igd, boot: bare }
  dom0-i: { ssh: igd, machine: igd, boot: xen }
  away: { ssh: elsewhere }
modes:
  native: { use: native, on: bare }
  dom0: { use: native, on: dom0, hypervisor: allowed }
  pvdrm: { use: pvdrm, on: guest }
  native-i: { use: native, on: bare-i }
  dom0-i: { use: native, on: dom0-i, baseline: native-i }
  other: { use: native, on: away }
workloads:
  - { use: command, name: mmul, run: ./mmul, metric: { duration: true } }
design: { blocks: 200 }
`;
const BOOT: Record<string, string> = {
  native: 'nv bare',
  dom0: 'nv xen',
  pvdrm: 'nv xen',
  'native-i': 'igd bare',
  'dom0-i': 'igd xen',
  other: 'no boot',
};

const experiment = parseExperiment(TWO, 'two.yaml');
const stays = visits(makePlan(experiment).trials);
const blocks = Array.from({ length: 200 }, (_, index) =>
  stays.filter(({ block }) => block === index + 1).map(({ mode }) => mode),
);

describe('a plan of machines that are booted in two ways', () => {
  it('has the modes of a boot together in each block, and each mode once', () => {
    for (const modes of blocks) {
      assert.deepEqual([...modes].sort(), Object.keys(BOOT).sort());
      const boots = modes.map((mode) => BOOT[mode]).filter((boot, at, all) => boot !== all[at - 1]);
      assert.equal(new Set(boots).size, boots.length, modes.join(' '));
    }
  });

  it('has boots in random order within a block, and modes in random order within a boot', () => {
    const share = (earlier: string, later: string) =>
      blocks.filter((modes) => modes.indexOf(earlier) < modes.indexOf(later)).length / blocks.length;
    // 200 fair coins are within 0.36 and 0.64 but for one of 10,000 times; the seed is fixed.
    for (const [one, other] of [
      ['native', 'dom0'],
      ['dom0', 'pvdrm'],
      ['native-i', 'dom0-i'],
      ['other', 'native'],
    ] as const)
      assert.ok(Math.abs(share(one, other) - 0.5) < 0.14, `${one} before ${other}: ${share(one, other)}`);
  });

  it('tells how often each machine is restarted, and what that may take at most', () => {
    assert.deepEqual(
      bootsPlanned({ trials: makePlan(experiment).trials }, experiment),
      [
        { machine: 'nv', starts: { bare: 200, xen: 200 }, worstMs: 401 * 240_000 },
        { machine: 'igd', starts: { bare: 200, xen: 200 }, worstMs: 401 * 300_000 },
      ].map((one) => ({ ...one, starts: { ...one.starts } })),
    );
  });

  it('tells on a terminal what restarts cost, from an earlier run where there is one', () => {
    const plan = makePlan({ ...experiment, design: { ...experiment.design, blocks: 4 } });
    const [nv] = bootsPlanned(plan, experiment);
    assert.ok(nv);
    const text = (knownMs: number | null) =>
      planText({
        ...{ experiment, plan, pilot: undefined, timedBy: undefined, labLack: undefined },
        time: { expectedMs: null, worstMs: 1, known: 0, trials: 24 },
        outlook: { run: null, blocks: 4, margin: 0.03, cells: [] },
        boots: [{ ...nv, knownMs }],
      });
    assert.match(
      text(null),
      /restarts of nv: 8 \(. as \w+, . as \w+\), and one to restore its original boot: at most 36 min/,
    );
    assert.match(text(60_000), /about 9 min.*at 1 min.* each in earlier runs/);
  });
});

describe('machines in an experiment file', () => {
  const refused = (from: string, to: string): string => {
    assert.equal(TWO.split(from).length, 2, from);
    try {
      parseExperiment(TWO.replace(from, to), 'two.yaml');
    } catch (error) {
      return ((error as Problem).details ?? []).join('\n');
    }
    return '';
  };

  for (const [what, from, to, told] of [
    [
      'a machine that is not there',
      'machine: nv, boot: bare',
      'machine: nw, boot: bare',
      /a machine of this file/,
    ],
    [
      'a boot that its machine has not',
      'machine: nv, boot: bare',
      'machine: nv, boot: bar',
      /a boot of nv: one of bare, xen/,
    ],
    [
      'a target without its boot',
      'machine: nv, boot: bare',
      'machine: nv',
      /the key boot, the boot in which this target is up: one of bare, xen/,
    ],
    [
      'a boot without a machine',
      'away: { ssh: elsewhere',
      'away: { ssh: elsewhere, boot: xen',
      /the key machine next to boot/,
    ],
    [
      'a guest with a machine of its own',
      'host: dom0,',
      'host: dom0, machine: nv, boot: xen,',
      /on the machine of its host, dom0/,
    ],
    [
      'a guest that nobody starts after its host',
      ', power: { use: xl, config: /etc/xen/guest.cfg }',
      '',
      /the key power/,
    ],
    [
      'a mode in two boots at once',
      '  other: { use: native, on: away }',
      '  other: { use: native, on: [bare, dom0] }',
      /nv can only be in one boot at a time[^]*bare and xen of nv/,
    ],
  ] as const)
    it(`${what} is refused`, () => {
      assert.match(refused(from, to), told);
    });
});
