import { modeKinds } from '../../src/mode/kinds.ts';
import { EXPERIMENT, experimentText } from '../support/experiment-text.ts';
import { describeRefused, metric, mode } from './refused.ts';

const MODES = modeKinds.map(({ use }) => use).join(', ');

describeRefused('a bad value', [
  [
    'units of a duration',
    `${EXPERIMENT}design: { budget: 3x }\nlimits: { trial: 120 }\n`,
    [
      '12:19 VALUE design.budget is invalid | a duration such as 250ms, 120s, 30m or 2h | "3x" | ',
      '13:18 VALUE limits.trial is invalid | a duration such as 250ms, 120s, 30m or 2h | 120 | ',
    ],
  ],
  [
    'a duration of zero',
    experimentText('{ use: clpeak }', '{ use: clpeak, timeout: 0s }'),
    [
      '10:29 VALUE workloads.1.timeout is invalid | a duration such as 250ms, 120s, 30m or 2h, above zero | "0s" | ',
    ],
  ],
  [
    'units of a size',
    `${EXPERIMENT}limits: { output: 16, file: 3Mb }\n`,
    [
      '12:19 VALUE limits.output is invalid | a size such as 512KiB, 16MiB or 1GB | 16 | ',
      '12:29 VALUE limits.file is invalid | a size such as 512KiB, 16MiB or 1GB | "3Mb" | ',
    ],
  ],
  [
    'more output than is ever held in memory',
    `${EXPERIMENT}limits: { output: 1GiB }\n`,
    [
      '12:19 VALUE limits.output is invalid | at most 32MiB, because output is held in memory while figures are extracted: have the workload print only its figures, and write its data to a file or /dev/null | "1GiB" | ',
    ],
  ],
  [
    'a percentage',
    `${EXPERIMENT}design: { precision: 5, margin: 0%, confidence: 95% }\n`,
    [
      '12:22 VALUE design.precision is invalid | a percentage such as 2.5% | 5 | ',
      '12:33 VALUE design.margin is invalid | a percentage above 0% and below 100% | "0%" | ',
      '12:49 VALUE design.confidence is invalid | a number | "95%" | ',
    ],
  ],
  [
    'a count',
    `${EXPERIMENT}design: { blocks: 0, warmup: 1.5, samples: ten }\n`,
    [
      '12:19 VALUE design.blocks is invalid | at least 1 | 0 | ',
      '12:30 VALUE design.warmup is invalid | a whole number | 1.5 | ',
      '12:44 VALUE design.samples is invalid | a number | "ten" | ',
    ],
  ],
  [
    'a word that is none of the few',
    metric('{ field: a, unit: s, better: lowr }'),
    [
      '11:83 VALUE workloads.2.metric.better is not one of the allowed words | one of higher, lower | "lowr" | did you mean lower?',
    ],
  ],
  [
    'a word in a list',
    experimentText('{ use: clpeak }', '{ use: clpeak, tests: [kernel-latency, global-bandwith] }'),
    [
      '10:44 VALUE workloads.1.tests.2 is not one of the allowed words | one of global-bandwidth, compute-sp, compute-dp, compute-integer, compute-intfast, transfer-bandwidth, kernel-latency | "global-bandwith" | did you mean global-bandwidth?',
    ],
  ],
  [
    'a word in a command that may also be a text',
    mode('prepare: [{ run: a, at: hots }], restore: [b]'),
    [
      '8:59 VALUE modes.slow.prepare.1.at is not one of the allowed words | one of guest, host | "hots" | did you mean host?',
    ],
  ],
  [
    'the type of a text, a list or a map',
    experimentText('{ ssh: gpu-host }', 'gpu-host')
      .replace('on: guest', 'on: 5')
      .replace('native, on', '[n], on'),
    [
      '4:9 VALUE targets.bare is invalid | a map of keys and values | "gpu-host" | ',
      `7:18 USE modes.native.use uses something that is not built in | use: one of ${MODES} | ["n"] | `,
      '8:28 VALUE modes.slow.on is invalid | a text, or a list | 5 | ',
    ],
  ],
  [
    'a name, as a key too',
    experimentText('name: demo', 'name: ../up')
      .replace('bare: {', '"my host": {')
      .replaceAll('bare', '"my host"'),
    [
      '1:7 VALUE name is invalid | a name: letters, digits, dot, dash or underscore, at most 63, starting with a letter or digit | "../up" | ',
      '4:3 VALUE targets.my host: the key is invalid | a name: letters, digits, dot, dash or underscore, at most 63, starting with a letter or digit | "my host" | ',
      '5:31 VALUE targets.guest.host is invalid | a name: letters, digits, dot, dash or underscore, at most 63, starting with a letter or digit | "my host" | ',
      '7:30 VALUE modes.native.on is invalid | a name: letters, digits, dot, dash or underscore, at most 63, starting with a letter or digit | "my host" | ',
    ],
  ],
  [
    'the name of an environment variable',
    mode('environment: { "A B": c }'),
    [
      '8:50 VALUE modes.slow.environment.A B: the key is invalid | the name of an environment variable: letters, digits or underscore | "A B" | ',
    ],
  ],
  [
    'a variable that has a name of ours',
    mode('environment: { vgb_d: c }'),
    [
      '8:50 VALUE modes.slow.environment.vgb_d: the key is invalid | a name that does not begin with vgb_ or VGPUBENCH_, which are reserved | "vgb_d" | ',
    ],
  ],
  [
    'a wrapper without its command',
    mode('wrapper: taskset -c 0'),
    [
      '8:44 VALUE modes.slow.wrapper is invalid | a wrapper that contains {command}, such as "taskset -c 0 {command}" | "taskset -c 0" | ',
    ],
  ],
  [
    'a pattern without its value',
    metric('{ pattern: GFLOPS, unit: s, better: lower }'),
    [
      '11:65 VALUE workloads.2.metric.pattern is invalid | {value} exactly once, as in "GFLOPS: {value}" | "GFLOPS" | ',
    ],
  ],
]);
