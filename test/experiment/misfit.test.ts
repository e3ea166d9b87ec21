import { modeKinds } from '../../src/mode/kinds.ts';
import { workloadKinds } from '../../src/workload/kinds.ts';
import { experimentText } from '../support/experiment-text.ts';
import { describeRefused, metric, mode } from './refused.ts';

const MODES = modeKinds.map(({ use }) => use).join(', ');
const WORKLOADS = workloadKinds.map(({ use }) => use).join(', ');

describeRefused('what does not fit together', [
  [
    'a baseline that is no mode',
    experimentText('baseline: native', 'baseline: nativ'),
    [
      '2:11 REFERENCE baseline refers to something that is not in this file | a mode of this file as the baseline: one of native, slow | nativ | did you mean native?',
    ],
  ],
  [
    'a baseline left to its default, which is no mode',
    experimentText('baseline: native\n', '').replace('  native:', '  bare-metal:'),
    [
      '1:1 REFERENCE baseline refers to something that is not in this file | a mode of this file as the baseline: one of bare-metal, slow | native | ',
    ],
  ],
  [
    'a host that is no target',
    experimentText('host: bare', 'host: bear'),
    [
      '5:31 REFERENCE targets.guest.host refers to something that is not in this file | a target: one of bare, guest | bear | did you mean bare?',
    ],
  ],
  [
    'a mode on no target',
    experimentText('on: guest', 'on: geust'),
    [
      '8:28 REFERENCE modes.slow.on.1 refers to something that is not in this file | a target: one of bare, guest | geust | did you mean guest?',
    ],
  ],
  [
    'a mode on several targets of which one is none',
    experimentText('on: guest', 'on: [guest, elsewhere-far]'),
    [
      '8:36 REFERENCE modes.slow.on.2 refers to something that is not in this file | a target: one of bare, guest | elsewhere-far | ',
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
      '11:54 VALUE workloads.2.metric is invalid | exactly one of pattern, field or duration | pattern and field | ',
    ],
  ],
  [
    'metric beside metrics',
    metric('{ duration: true }, metrics: [{ duration: true }]'),
    ['11:5 VALUE workloads.2 is invalid | either metric or metrics | both | '],
  ],
  [
    'two metrics of one name',
    experimentText(
      'metric: { pattern: "GFLOPS: {value}", unit: GFLOP/s, better: higher }',
      'metrics: [{ duration: true }, { name: duration, field: a, unit: s, better: lower }]',
    ),
    [
      '11:76 CONTRADICTION workloads.2.metrics.2 contradicts another part of the file | a different name for each metric of a workload (key name) | duration twice | ',
    ],
  ],
  [
    'the same workload twice',
    experimentText('{ use: clpeak }', '{ use: clpeak }\n  - { use: clpeak, tests: [compute-sp] }'),
    [
      '11:5 CONTRADICTION workloads.2 contradicts another part of the file | a different name for each workload (key name) | clpeak twice | ',
    ],
  ],
  [
    'prepare without restore',
    mode('prepare: [modprobe i915]'),
    [
      '8:9 CONTRADICTION modes.slow contradicts another part of the file | the key restore next to prepare, so that the target can be put back after any crash (restore: [":"] if there is nothing to undo) | prepare without restore | ',
    ],
  ],
  [
    'a command on the host of a target that has none',
    mode('attest: [{ run: a, at: host }]').replace(', host: bare', ''),
    [
      '5:10 CONTRADICTION targets.guest contradicts another part of the file | the key host, because mode slow runs commands at: host | no host | ',
    ],
  ],
  [
    'a target that is not there, by a name that every object has, as that alone',
    mode('attest: [{ run: a, at: host }]').replace('on: guest', 'on: constructor'),
    [
      '8:28 REFERENCE modes.slow.on.1 refers to something that is not in this file | a target: one of bare, guest | constructor | ',
    ],
  ],
  [
    'commands that put to sleep what nothing wakes',
    mode('sleep: [xl pause guest]'),
    [
      '8:9 CONTRADICTION modes.slow contradicts another part of the file | the key wake or power next to sleep, because only a guest that was woken is put to sleep | sleep alone | ',
    ],
  ],
  [
    'a target twice in one mode',
    experimentText('on: guest', 'on: [guest, guest]'),
    [
      '8:28 CONTRADICTION modes.slow.on contradicts another part of the file | each target once | guest, guest | ',
    ],
  ],
]);
