import { experimentText } from '../support/experiment-text.ts';
import { describeRefused, metric } from './refused.ts';

describeRefused('what is missing', [
  [
    'a key of a target',
    experimentText('{ ssh: gpu-host }', '{ config: c }'),
    ['4:9 VALUE targets.bare is invalid | either ssh or lab | neither | '],
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
      '10:5 USE workloads.1.use uses something that is not built in | use: one of clpeak, hashcat, command, probe | no key “use” | ',
    ],
  ],
  [
    'a metric',
    experimentText(', metric: { pattern: "GFLOPS: {value}", unit: GFLOP/s, better: higher }', ''),
    ['11:5 VALUE workloads.2 is invalid | either metric or metrics | neither | '],
  ],
  [
    'what a metric is read from',
    metric('{ unit: s, better: lower }'),
    [
      '11:54 VALUE workloads.2.metric is invalid | exactly one of pattern, field or duration | none of them | ',
    ],
  ],
  [
    'the unit and direction of a figure that is not a duration',
    metric('{ field: gflops }'),
    ['unit', 'better'].map(
      (key) =>
        `11:54 VALUE workloads.2.metric is invalid | the key ${key} next to pattern or field | no such key | `,
    ),
  ],
]);
