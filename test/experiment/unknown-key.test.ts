import { EXPERIMENT, experimentText } from '../support/experiment-text.ts';
import { describeRefused, metric, mode } from './refused.ts';

describeRefused('an unknown key', [
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
]);
