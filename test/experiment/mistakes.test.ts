import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseExperiment } from '../../src/experiment/load.ts';
import { modeKinds } from '../../src/mode/kinds.ts';
import { workloadKinds } from '../../src/workload/kinds.ts';
import { EXPERIMENT, experimentText } from '../support/experiment-text.ts';
import { problemOf } from '../support/problem.ts';

const MODES = modeKinds.map(({ use }) => use).join(', ');
const WORKLOADS = workloadKinds.map(({ use }) => use).join(', ');

/** The mistakes found in a text, each as `line:column CODE message | expected | found | next`. */
function mistakesIn(text: string): string[] {
  const { code, exitCode, details } = problemOf(() => parseExperiment(text, 'f.yaml'));
  assert.deepEqual([code, exitCode], ['VGB-EXPERIMENT', 2]);
  return (details ?? []).map((detail) => {
    const [head = '', ...rest] = detail.split('\n');
    const [, place, message, short] =
      /^f\.yaml:(\d+:\d+): (.*) \[VGB-EXPERIMENT-([A-Z]+)\]$/.exec(head) ?? [];
    const part = (name: string) => rest.find((line) => line.startsWith(`  ${name}:`))?.slice(12) ?? '';
    return `${place ?? head} ${short ?? ''} ${message ?? ''} | ${part('expected')} | ${part('found')} | ${part('next')}`;
  });
}

/** A word that was found in the file stands where its mistake says. */
function assertStandsThere(text: string, mistake: string): void {
  const [, line, column, kind, , found = ''] =
    /^(\d+):(\d+) ([A-Z]+) (.*?) \| .* \| (.*) \| .*$/.exec(mistake) ?? [];
  const word = /^"(.*)"$/.exec(found)?.[1] ?? (/KEY|REFERENCE/.test(kind ?? '') ? found : undefined);
  if (word === undefined || mistake.startsWith('1:1 ') || !text.includes(word)) return;
  const there = (text.split('\n')[Number(line) - 1] ?? '').slice(Number(column) - 1);
  assert.ok(there.replace(/^["']/, '').startsWith(word), `${mistake}: found there: ${there}`);
}

const mode = (entry: string) =>
  experimentText('{ use: custom, on: guest }', `{ use: custom, on: guest, ${entry} }`);
const metric = (entry: string) =>
  experimentText('{ pattern: "GFLOPS: {value}", unit: GFLOP/s, better: higher }', entry);

/** Name, text, mistakes. */
const CASES: Record<string, readonly [title: string, text: string, mistakes: string[]][]> = {
  'an unknown key': [
    [
      'at the top',
      `${EXPERIMENT}desing: {}\n`,
      [
        '12:1 KEY unknown key in the experiment | one of name, baseline, machines, targets, same-machine, parity, modes, workloads, design, limits | desing | did you mean design?',
      ],
    ],
    [
      'in a target',
      experimentText('host: bare', 'hots: bare'),
      [
        '5:25 KEY unknown key in targets.guest | one of ssh, lab, config, host, domain, machine, boot, power, shell | hots | did you mean host?',
      ],
    ],
    [
      'in a mode',
      experimentText('on: bare }', 'on: bare, drivr: i915 }'),
      [
        '7:36 KEY unknown key in modes.native | one of use, on, baseline, neighbour, hardware-costs, hypervisor, driver, device | drivr | did you mean driver?',
      ],
    ],
    [
      'in a command of a mode',
      mode('prepare: [{ run: a, att: host }], restore: [b]'),
      ['8:55 KEY unknown key in modes.slow.prepare.1 | one of run, at | att | did you mean at?'],
    ],
    [
      'in a claim of a mode',
      mode('attest: [{ run: a, expct: b }]'),
      [
        '8:54 KEY unknown key in modes.slow.attest.1 | one of run, at, expect, claim | expct | did you mean expect?',
      ],
    ],
    [
      'in a workload',
      experimentText('{ use: clpeak }', '{ use: clpeak, test: [a] }'),
      [
        '10:20 KEY unknown key in workloads.1 | one of use, name, timeout, tests, platform, device, format, path, limits | test | did you mean tests?',
      ],
    ],
    [
      'in a metric',
      metric('{ patern: "{value}", duration: true }'),
      [
        '11:56 KEY unknown key in workloads.2.metric | one of name, pattern, field, duration, unit, better, limit, suite | patern | did you mean pattern?',
      ],
    ],
    [
      'in design and limits, each told',
      `${EXPERIMENT}design: { blokcs: 3 }\nlimits: { zzz: 1 }\n`,
      [
        '12:11 KEY unknown key in design | one of blocks, seed, warmup, samples, pilot, precision, margin, confidence, aa, budget | blokcs | did you mean blocks?',
        '13:11 KEY unknown key in limits | one of trial, output, file | zzz | ',
      ],
    ],
    [
      'in a target whose name is a number to YAML',
      experimentText('guest: { ssh: guest1,', '7: { sshh: x, ssh: guest1,').replace('on: guest', 'on: bare'),
      [
        '5:8 KEY unknown key in targets.7 | one of ssh, lab, config, host, domain, machine, boot, power, shell | sshh | did you mean ssh?',
      ],
    ],
  ],
  'what is not YAML as it should be': [
    [
      'a key twice',
      `${EXPERIMENT}name: again\n`,
      ['12:1 DUPLICATE the same key twice in one map | each key once | name | '],
    ],
    [
      'a bracket left open',
      experimentText('on: bare }', 'on: bare'),
      [
        '8:3 SYNTAX not well-formed YAML | YAML 1.2 | Flow map in block collection must be sufficiently indented and end with a } | ',
      ],
    ],
    [
      'a tab as indentation',
      `${EXPERIMENT}\tdesign: 1\n`,
      ['12:1 SYNTAX not well-formed YAML | YAML 1.2 | Tabs are not allowed as indentation | '],
    ],
    [
      'an alias without an anchor',
      experimentText('baseline: native', 'baseline: *gone'),
      [
        '2:11 SYNTAX not well-formed YAML | each alias (*name) after its anchor (&name), and few of them | Unresolved alias (the anchor must be set before the alias): gone | ',
      ],
    ],
    [
      'aliases that multiply',
      `${EXPERIMENT}a: &a [1,1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\n`,
      [
        '1:1 SYNTAX not well-formed YAML | each alias (*name) after its anchor (&name), and few of them | aliases that stand for aliases, too many times over | ',
      ],
    ],
    [
      'a value that holds itself',
      experimentText('name: demo', 'name: &a [*a]'),
      ['1:10 VALUE name is not what it should be | a text | a value that holds itself | '],
    ],
    [
      'a text',
      'foo',
      ['1:1 VALUE the experiment is not what it should be | a map of keys and values | "foo" | '],
    ],
    [
      'nothing',
      '',
      ['name', 'targets', 'modes', 'workloads'].map(
        (key) =>
          `1:1 MISSING ${key} is missing | ${{ name: 'a text', workloads: 'a list' }[key] ?? 'a map of keys and values'} | nothing | `,
      ),
    ],
  ],
  'a bad value': [
    [
      'units of a duration',
      `${EXPERIMENT}design: { budget: 3x }\nlimits: { trial: 120 }\n`,
      [
        '12:19 VALUE design.budget is not what it should be | a duration such as 250ms, 120s, 30m or 2h | "3x" | ',
        '13:18 VALUE limits.trial is not what it should be | a duration such as 250ms, 120s, 30m or 2h | 120 | ',
      ],
    ],
    [
      'a duration of zero',
      experimentText('{ use: clpeak }', '{ use: clpeak, timeout: 0s }'),
      [
        '10:29 VALUE workloads.1.timeout is not what it should be | a duration such as 250ms, 120s, 30m or 2h, above zero | "0s" | ',
      ],
    ],
    [
      'units of a size',
      `${EXPERIMENT}limits: { output: 16, file: 3Mb }\n`,
      [
        '12:19 VALUE limits.output is not what it should be | a size such as 512KiB, 16MiB or 1GB | 16 | ',
        '12:29 VALUE limits.file is not what it should be | a size such as 512KiB, 16MiB or 1GB | "3Mb" | ',
      ],
    ],
    [
      'more output than is ever held in memory',
      `${EXPERIMENT}limits: { output: 1GiB }\n`,
      [
        '12:19 VALUE limits.output is not what it should be | at most 32MiB, which is held in memory while figures are looked for: have the workload print its figures, and write its data to a file or /dev/null | "1GiB" | ',
      ],
    ],
    [
      'a percentage',
      `${EXPERIMENT}design: { precision: 5, margin: 0%, confidence: 95% }\n`,
      [
        '12:22 VALUE design.precision is not what it should be | a percentage such as 2.5% | 5 | ',
        '12:33 VALUE design.margin is not what it should be | a percentage above 0% and below 100% | "0%" | ',
        '12:49 VALUE design.confidence is not what it should be | a number | "95%" | ',
      ],
    ],
    [
      'a count',
      `${EXPERIMENT}design: { blocks: 0, warmup: 1.5, samples: ten }\n`,
      [
        '12:19 VALUE design.blocks is not what it should be | at least 1 | 0 | ',
        '12:30 VALUE design.warmup is not what it should be | a whole number | 1.5 | ',
        '12:44 VALUE design.samples is not what it should be | a number | "ten" | ',
      ],
    ],
    [
      'a word that is none of the few',
      metric('{ field: a, unit: s, better: lowr }'),
      [
        '11:83 VALUE workloads.2.metric.better is not one of the words it may be | one of higher, lower | "lowr" | did you mean lower?',
      ],
    ],
    [
      'a word in a list',
      experimentText('{ use: clpeak }', '{ use: clpeak, tests: [kernel-latency, global-bandwith] }'),
      [
        '10:44 VALUE workloads.1.tests.2 is not one of the words it may be | one of global-bandwidth, compute-sp, compute-dp, compute-integer, compute-intfast, transfer-bandwidth, kernel-latency | "global-bandwith" | did you mean global-bandwidth?',
      ],
    ],
    [
      'a word in a command that may also be a text',
      mode('prepare: [{ run: a, at: hots }], restore: [b]'),
      [
        '8:59 VALUE modes.slow.prepare.1.at is not one of the words it may be | one of guest, host | "hots" | did you mean host?',
      ],
    ],
    [
      'the type of a text, a list or a map',
      experimentText('{ ssh: gpu-host }', 'gpu-host')
        .replace('on: guest', 'on: 5')
        .replace('native, on', '[n], on'),
      [
        '4:9 VALUE targets.bare is not what it should be | a map of keys and values | "gpu-host" | ',
        `7:18 USE modes.native.use uses something that is not built in | use: one of ${MODES} | ["n"] | `,
        '8:28 VALUE modes.slow.on is not what it should be | a text, or a list | 5 | ',
      ],
    ],
    [
      'a name, as a key too',
      experimentText('name: demo', 'name: ../up')
        .replace('bare: {', '"my host": {')
        .replaceAll('bare', '"my host"'),
      [
        '1:7 VALUE name is not what it should be | a name: letters, digits, dot, dash or underscore, at most 63, starting with a letter or digit | "../up" | ',
        '4:3 VALUE targets.my host: the key is not what it should be | a name: letters, digits, dot, dash or underscore, at most 63, starting with a letter or digit | "my host" | ',
        '5:31 VALUE targets.guest.host is not what it should be | a name: letters, digits, dot, dash or underscore, at most 63, starting with a letter or digit | "my host" | ',
        '7:30 VALUE modes.native.on is not what it should be | a name: letters, digits, dot, dash or underscore, at most 63, starting with a letter or digit | "my host" | ',
      ],
    ],
    [
      'the name of an environment variable',
      mode('environment: { "A B": c }'),
      [
        '8:50 VALUE modes.slow.environment.A B: the key is not what it should be | the name of an environment variable: letters, digits or underscore | "A B" | ',
      ],
    ],
    [
      'a variable that has a name of ours',
      mode('environment: { vgb_d: c }'),
      [
        '8:50 VALUE modes.slow.environment.vgb_d: the key is not what it should be | a name that does not begin with vgb_ or VGPUBENCH_, which are ours | "vgb_d" | ',
      ],
    ],
    [
      'a wrapper without its command',
      mode('wrapper: taskset -c 0'),
      [
        '8:44 VALUE modes.slow.wrapper is not what it should be | a wrapper that contains {command}, such as "taskset -c 0 {command}" | "taskset -c 0" | ',
      ],
    ],
    [
      'a pattern without its value',
      metric('{ pattern: GFLOPS, unit: s, better: lower }'),
      [
        '11:65 VALUE workloads.2.metric.pattern is not what it should be | {value} exactly once, as in "GFLOPS: {value}" | "GFLOPS" | ',
      ],
    ],
  ],
  'what is missing': [
    [
      'a key of a target',
      experimentText('{ ssh: gpu-host }', '{ config: c }'),
      ['4:9 VALUE targets.bare is not what it should be | either ssh or lab | neither | '],
    ],
    [
      'the targets of a mode',
      experimentText('{ use: native, on: bare }', '{ use: native }'),
      ['7:3 MISSING modes.native.on is missing | a text, or a list | nothing | '],
    ],
    [
      'the name of a command',
      experimentText('name: mmul, ', ''),
      ['11:5 MISSING workloads.2.name is missing | a text | nothing | '],
    ],
    [
      'use',
      experimentText('{ use: clpeak }', '{}'),
      [
        '10:5 USE workloads.1.use uses something that is not built in | use: one of clpeak, hashcat, command, probe | no key use | ',
      ],
    ],
    [
      'a metric',
      experimentText(', metric: { pattern: "GFLOPS: {value}", unit: GFLOP/s, better: higher }', ''),
      ['11:5 VALUE workloads.2 is not what it should be | either metric or metrics | neither | '],
    ],
    [
      'what a metric is read from',
      metric('{ unit: s, better: lower }'),
      [
        '11:54 VALUE workloads.2.metric is not what it should be | exactly one of pattern, field or duration | none of them | ',
      ],
    ],
    [
      'the unit and direction of a figure that is not a duration',
      metric('{ field: gflops }'),
      ['unit', 'better'].map(
        (key) =>
          `11:54 VALUE workloads.2.metric is not what it should be | the key ${key} beside pattern or field | no such key | `,
      ),
    ],
  ],
  'what does not fit together': [
    [
      'a baseline that is no mode',
      experimentText('baseline: native', 'baseline: nativ'),
      [
        '2:11 REFERENCE baseline names nothing in this file | a mode of this file as the baseline: one of native, slow | nativ | did you mean native?',
      ],
    ],
    [
      'a baseline left to its default, which is no mode',
      experimentText('baseline: native\n', '').replace('  native:', '  bare-metal:'),
      [
        '1:1 REFERENCE baseline names nothing in this file | a mode of this file as the baseline: one of bare-metal, slow | native | ',
      ],
    ],
    [
      'a host that is no target',
      experimentText('host: bare', 'host: bear'),
      [
        '5:31 REFERENCE targets.guest.host names nothing in this file | a target: one of bare, guest | bear | did you mean bare?',
      ],
    ],
    [
      'a mode on no target',
      experimentText('on: guest', 'on: geust'),
      [
        '8:28 REFERENCE modes.slow.on.1 names nothing in this file | a target: one of bare, guest | geust | did you mean guest?',
      ],
    ],
    [
      'a mode on several targets of which one is none',
      experimentText('on: guest', 'on: [guest, elsewhere-far]'),
      [
        '8:36 REFERENCE modes.slow.on.2 names nothing in this file | a target: one of bare, guest | elsewhere-far | ',
      ],
    ],
    [
      'a mode and a workload that are not built in',
      experimentText('use: custom', 'use: costum').replace('use: clpeak', 'use: clpeek'),
      [
        `8:16 USE modes.slow.use uses something that is not built in | one of ${MODES} | "costum" | did you mean custom?`,
        `10:12 USE workloads.1.use uses something that is not built in | one of ${WORKLOADS} | "clpeek" | did you mean clpeak?`,
      ],
    ],
    [
      'a metric read from two places',
      metric('{ pattern: "{value}", field: a, unit: s, better: lower }'),
      [
        '11:54 VALUE workloads.2.metric is not what it should be | exactly one of pattern, field or duration | pattern and field | ',
      ],
    ],
    [
      'metric beside metrics',
      metric('{ duration: true }, metrics: [{ duration: true }]'),
      ['11:5 VALUE workloads.2 is not what it should be | either metric or metrics | both | '],
    ],
    [
      'two metrics of one name',
      experimentText(
        'metric: { pattern: "GFLOPS: {value}", unit: GFLOP/s, better: higher }',
        'metrics: [{ duration: true }, { name: duration, field: a, unit: s, better: lower }]',
      ),
      [
        '11:76 CONTRADICTION workloads.2.metrics.2 does not fit the rest | each metric of a workload to have a name of its own (key name) | duration twice | ',
      ],
    ],
    [
      'the same workload twice',
      experimentText('{ use: clpeak }', '{ use: clpeak }\n  - { use: clpeak, tests: [compute-sp] }'),
      [
        '11:5 CONTRADICTION workloads.2 does not fit the rest | each workload to have a name of its own (key name) | clpeak twice | ',
      ],
    ],
    [
      'prepare without restore',
      mode('prepare: [modprobe i915]'),
      [
        '8:9 CONTRADICTION modes.slow does not fit the rest | the key restore beside prepare, so that the target can be put back after any crash (restore: [":"] if there is nothing to undo) | prepare without restore | ',
      ],
    ],
    [
      'a command on the host of a target that has none',
      mode('attest: [{ run: a, at: host }]').replace(', host: bare', ''),
      [
        '5:10 CONTRADICTION targets.guest does not fit the rest | the key host, since mode slow runs commands at: host | no host | ',
      ],
    ],
    [
      'a target that is not there, by a name that every object has, as that alone',
      mode('attest: [{ run: a, at: host }]').replace('on: guest', 'on: constructor'),
      [
        '8:28 REFERENCE modes.slow.on.1 names nothing in this file | a target: one of bare, guest | constructor | ',
      ],
    ],
    [
      'commands that put to sleep what nothing wakes',
      mode('sleep: [xl pause guest]'),
      [
        '8:9 CONTRADICTION modes.slow does not fit the rest | the key wake or power beside sleep, since what was never woken is not put to sleep | sleep alone | ',
      ],
    ],
    [
      'a target twice in one mode',
      experimentText('on: guest', 'on: [guest, guest]'),
      ['8:28 CONTRADICTION modes.slow.on does not fit the rest | each target once | guest, guest | '],
    ],
  ],
  'the one name that an object has for itself': [
    [
      'as a target',
      experimentText('  bare: { ssh: gpu-host }', '  bare: { ssh: gpu-host }\n  __proto__: { ssh: other }'),
      [
        '5:3 KEY a key that can’t be kept | any other name: an object of JavaScript has this one for itself | __proto__ | ',
      ],
    ],
    [
      'as a mode, between quotes',
      experimentText('  slow: {', '  "__proto__": { use: native, on: bare }\n  slow: {'),
      [
        '8:3 KEY a key that can’t be kept | any other name: an object of JavaScript has this one for itself | __proto__ | ',
      ],
    ],
    [
      'as an environment variable and as a limit, each',
      mode('environment: { A: b, __proto__: c }').replace('clpeak }', 'clpeak, limits: { __proto__: 3 } }'),
      [
        '8:56 KEY a key that can’t be kept | any other name: an object of JavaScript has this one for itself | __proto__ | ',
        '10:30 KEY a key that can’t be kept | any other name: an object of JavaScript has this one for itself | __proto__ | ',
      ],
    ],
    [
      'as a workload',
      experimentText('name: mmul', 'name: __proto__'),
      [
        '11:27 VALUE workloads.2.name is not what it should be | a name: letters, digits, dot, dash or underscore, at most 63, starting with a letter or digit | "__proto__" | ',
      ],
    ],
  ],
};

for (const [kind, cases] of Object.entries(CASES))
  describe(`${kind} is refused with its place, what was expected and what was found`, () => {
    for (const [title, text, mistakes] of cases)
      it(title, () => {
        assert.deepEqual(mistakesIn(text), mistakes);
        for (const mistake of mistakes) assertStandsThere(text, mistake);
      });
  });

describe('an experiment file with several mistakes', () => {
  it('has them told in the order of the file, with their number', () => {
    const text = experimentText('baseline: native', 'baselin: native').replace('use: clpeak', 'use: x');
    const { message, details } = problemOf(() => parseExperiment(`${text}zzz: 1\n`, 'f.yaml'));
    assert.equal(message, '3 mistakes in f.yaml; nothing was touched');
    assert.deepEqual(
      details?.map((detail) => detail.split(':')[1]),
      ['2', '10', '12'],
    );
  });

  it('never shows more than a line of what was found', () => {
    const [mistake = ''] = mistakesIn(experimentText('ssh: gpu-host', `ssh: [${'x, '.repeat(500)}x]`));
    assert.ok(mistake.length < 200 && mistake.includes('...'), mistake);
  });

  it('has a key that can’t be kept told where an alias stands for it', () => {
    const [mistake = ''] = mistakesIn(mode('environment: { A: &name __proto__, *name : c }'));
    assert.match(mistake, /^8:70 KEY .*__proto__/);
  });
});
